/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * What is saved of a place's account, together with what the place has done with.
 *
 * @param counted the largest ordinal that the account has heard of; what is found beyond it came
 *     later
 * @param totals the account's own; empty if nobody kept one
 */
// An array, since it is written as it is and nobody compares accounts.
@SuppressWarnings("ArrayRecordComponent")
record SavedAccount(long counted, byte[] totals) {
  static final SavedAccount NONE = new SavedAccount(0, new byte[0]);
}
