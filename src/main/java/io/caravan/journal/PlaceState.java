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
 */
record PlaceState(int number, String id, long next, IntervalSet done) {}
