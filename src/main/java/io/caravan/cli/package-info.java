/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The commands. */
@NullMarked
package io.caravan.cli;

import org.jspecify.annotations.NullMarked;
