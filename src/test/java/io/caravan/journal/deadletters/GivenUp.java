/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers which letters were given up. */
final class GivenUp implements DeadLetterListener {
  private final List<String> all = new CopyOnWriteArrayList<>();

  @Override
  public void dropped(Cause cause, StoredDeadLetter letter) {
    all.add(
        "%s %s %s %d %d"
            .formatted(
                letter.id().pipeline(),
                letter.header().reason(),
                cause.reason(),
                letter.header().records(),
                letter.bytes()));
  }

  @Override
  public void unreadable(String pipeline, int records, long bytes) {
    all.add("%s unreadable %d %d".formatted(pipeline, records, bytes));
  }

  /** {@code pipeline reason cause records bytes} of each. */
  List<String> all() {
    return List.copyOf(all);
  }
}
