/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The shell that takes a folder for a cluster: folder to snapshot, plan and node. */
@NullMarked
package io.caravan.standalone;

import org.jspecify.annotations.NullMarked;
