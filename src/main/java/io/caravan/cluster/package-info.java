/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Runs the plan of a cluster in one process: gateways and agents. The plan comes in shards, from
 * the API server and from mounted volumes (docs/decisions/0020-shards.md); the data lies in a
 * folder of the instance's own below one that all instances of a node share
 * (docs/decisions/0021-instances.md).
 */
@NullMarked
package io.caravan.cluster;

import org.jspecify.annotations.NullMarked;
