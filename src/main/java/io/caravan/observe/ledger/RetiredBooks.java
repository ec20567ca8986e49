/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Closes the books of pipelines that are gone: ten minutes after their last posting, so that
 * somebody has seen it, and that names which come and go are not kept for ever. Used by one thread.
 */
public final class RetiredBooks {
  private static final Duration SHOWN = Duration.ofMinutes(10);

  private record Seen(List<Line> lines, long sinceNanos) {}

  private final Ledger ledger;
  private final Map<PipelineId, Seen> gone = new HashMap<>();

  public RetiredBooks(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Looks at all books.
   *
   * @param planned the pipelines that there are, without their uids
   * @param nowNanos as {@link System#nanoTime}
   */
  public void look(Set<PipelineId> planned, long nowNanos) {
    gone.keySet().removeAll(planned);
    for (PipelineBook book : ledger.books()) {
      if (!planned.contains(book.pipeline())) {
        book.lines().ifPresent(lines -> look(book, lines, nowNanos));
      }
    }
  }

  private void look(PipelineBook book, List<Line> lines, long nowNanos) {
    Seen before = gone.get(book.pipeline());
    if (before == null || !before.lines.equals(lines)) {
      gone.put(book.pipeline(), new Seen(lines, nowNanos));
    } else if (nowNanos - before.sinceNanos >= SHOWN.toNanos() && holdsNothing(book)) {
      gone.remove(book.pipeline());
      ledger.remove(book.pipeline());
    }
  }

  private static boolean holdsNothing(PipelineBook book) {
    return book.balances()
        .filter(
            balances -> balances.values().stream().allMatch(balance -> balance.queued().isNone()))
        .isPresent();
  }
}
