/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of a list of dead letters.
 *
 * @param letters the oldest first
 * @param next where the list goes on; empty if that was all
 */
public record DeadLetterPage(List<StoredDeadLetter> letters, OptionalLong next) {
  static final DeadLetterPage NONE = new DeadLetterPage(List.of(), OptionalLong.empty());

  public DeadLetterPage {
    letters = List.copyOf(letters);
  }
}
