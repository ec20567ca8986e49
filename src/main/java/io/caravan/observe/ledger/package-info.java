/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The ledger: what became of every record that a pipeline took.
 *
 * <p>For each pipeline and input, in records and in bytes, at all times: {@code accepted + created
 * = delivered + queued + dropped + dead-lettered}. What the conditions, the metrics, the commands
 * and the tests say of data is read here.
 */
@NullMarked
package io.caravan.observe.ledger;

import org.jspecify.annotations.NullMarked;
