/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * What is saved of a place.
 *
 * @param next the ordinal that its next record gets, or a larger one
 * @param done the ordinals of the records that are done with; those below the first record are
 * @param account at the moment at which exactly these were done with
 */
record PlaceState(int number, String id, long next, IntervalSet done, SavedAccount account) {
  /** Of a place of which nothing was saved. */
  static PlaceState none(int number, String id) {
    return new PlaceState(number, id, 1, new IntervalSet(), SavedAccount.NONE);
  }

  PlaceState with(SavedAccount changed) {
    return new PlaceState(number, id, next, done, changed);
  }
}
