/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of the house as a whole. */
@NullMarked
package io.caravan;

import org.jspecify.annotations.NullMarked;
