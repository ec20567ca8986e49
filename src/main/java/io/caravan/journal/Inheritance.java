/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.List;

/**
 * What an account of a place begins with.
 *
 * @param totals what the account before this one has given to be saved last; empty if there was
 *     none
 * @param counted what the place holds of what these totals know
 * @param since what it holds beside that: it came after the totals were saved
 * @param lost what came after the totals were saved, and is corrupt
 */
// An array, since it is read once and nobody compares inheritances.
@SuppressWarnings("ArrayRecordComponent")
public record Inheritance(byte[] totals, List<Held> counted, List<Held> since, List<Held> lost) {
  /** Of a place that nobody had before. */
  static final Inheritance NONE = new Inheritance(new byte[0], List.of(), List.of(), List.of());
}
