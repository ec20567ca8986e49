/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Snapshot to plan: the only place that knows what a pipeline means. */
@NullMarked
package io.caravan.plan;

import org.jspecify.annotations.NullMarked;
