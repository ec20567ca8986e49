/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The data plane's shell: loads a plan's routes into Camel, swaps them while they run, drains them.
 */
@NullMarked
package io.caravan.node;

import org.jspecify.annotations.NullMarked;
