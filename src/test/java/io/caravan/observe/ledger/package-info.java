/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/** Tests of the ledger. */
@NullMarked
package io.caravan.observe.ledger;

import org.jspecify.annotations.NullMarked;
