/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Ledger, health and metrics. */
@NullMarked
package io.caravan.observe;

import org.jspecify.annotations.NullMarked;
