/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** The crash-safe journal: an append-only log, and a place on it for each that reads it. */
@NullMarked
package io.caravan.journal;

import org.jspecify.annotations.NullMarked;
