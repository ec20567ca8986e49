/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;

/**
 * One pipeline's part of the ledger, across its versions. Thread-safe; nobody who posts ever waits.
 *
 * <p>Records that come in are posted to <i>accepted</i>, and their end to one of the others.
 * Whoever holds them in between, the journal, posts to <i>queued</i> on its own account: that the
 * two agree is what a check looks for. Postings that belong together are made {@link #together}.
 */
public final class PipelineBook {
  private static final String NO_REASON = "";
  private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  private final PipelineId pipeline;
  private final BookMeters meters;
  private final Moments moments = new Moments();
  private final AtomicReferenceArray<SourceBook> sources = new AtomicReferenceArray<>(Source.COUNT);

  PipelineBook(PipelineId pipeline, BookMeters meters) {
    this.pipeline = pipeline;
    this.meters = meters;
  }

  public PipelineId pipeline() {
    return pipeline;
  }

  /** The pipeline has taken records: their sender hears OK, or the pipeline drops them. */
  public void accepted(Source source, Amount amount) {
    post(source, Account.ACCEPTED, NO_REASON, amount);
  }

  /** Records were made of others: {@code reason} says by what. */
  public void created(Source source, String reason, Amount amount) {
    post(source, Account.CREATED, checked(reason), amount);
  }

  /** The backend has records. */
  public void delivered(Source source, Amount amount) {
    post(source, Account.DELIVERED, NO_REASON, amount);
  }

  /** Records were given up. */
  public void dropped(Source source, String reason, Amount amount) {
    post(source, Account.DROPPED, checked(reason), amount);
  }

  /** Records were put aside among the dead letters. */
  public void deadLettered(Source source, String reason, Amount amount) {
    post(source, Account.DEAD_LETTERED, checked(reason), amount);
  }

  /**
   * Dead letters were given up: they have expired, or somebody has purged them.
   *
   * @param deadLettered the reason for which they had been put aside
   * @param dropped the reason for which they go
   */
  public void deadLettersDropped(
      Source source, String deadLettered, String dropped, Amount amount) {
    together(
        () -> {
          post(source, Account.DEAD_LETTER_DROPPED, checked(deadLettered), amount);
          dropped(source, dropped, amount);
        });
  }

  /** Records are held from now on. After a restart, those that are still there are posted anew. */
  public void queued(Source source, Amount amount) {
    requirePositive(amount);
    moments.change(() -> book(source).queued().add(amount));
  }

  /** Records are held no longer. */
  public void unqueued(Source source, Amount amount) {
    requirePositive(amount);
    moments.change(() -> book(source).queued().subtract(amount));
  }

  /**
   * Makes several postings of which a check or a snapshot sees all or none. They should do nothing
   * else, least of all wait: while they last, nobody can read the book.
   */
  public void together(Runnable postings) {
    moments.change(postings);
  }

  /**
   * By source; empty if the book was not still for 100 ms. Sources without a posting are absent.
   */
  public Optional<SortedMap<Source, Balance>> balances() {
    return moments.read(
        () -> {
          SortedMap<Source, Balance> balances = new TreeMap<>();
          for (int code = 0; code < Source.COUNT; code++) {
            SourceBook book = sources.get(code);
            if (book != null) {
              balances.put(Source.of(code), book.balance());
            }
          }
          return balances;
        });
  }

  /** What was ever posted, in order, but for what is queued; empty as {@link #balances} is. */
  public Optional<List<Line>> lines() {
    return moments.read(this::allLines);
  }

  private List<Line> allLines() {
    List<Line> lines = new ArrayList<>();
    for (int code = 0; code < Source.COUNT; code++) {
      SourceBook book = sources.get(code);
      if (book != null) {
        lines.addAll(book.lines());
      }
    }
    return lines;
  }

  /** Goes on where another process has ended. */
  public void restore(List<Line> lines) {
    together(
        () ->
            lines.forEach(
                line -> post(line.source(), line.account(), line.reason(), line.amount())));
  }

  /** Takes the pipeline out of the metrics. */
  void remove() {
    meters.remove();
  }

  private void post(Source source, Account account, String reason, Amount amount) {
    requirePositive(amount);
    moments.change(() -> book(source).line(account, reason).add(amount));
  }

  private SourceBook book(Source source) {
    SourceBook book = sources.get(source.code());
    return book == null ? first(source) : book;
  }

  private synchronized SourceBook first(Source source) {
    SourceBook book = sources.get(source.code());
    if (book == null) {
      book = new SourceBook(source, meters);
      sources.set(source.code(), book);
    }
    return book;
  }

  private static void requirePositive(Amount amount) {
    if (amount.records() < 0 || amount.bytes() < 0) {
      throw new IllegalArgumentException("a posting is not negative: " + amount);
    }
  }

  /** A reason is a label of a metric: of a small set of words, never a text from outside. */
  private static String checked(String reason) {
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException(
          "a reason has the form %s: '%s'".formatted(REASON, reason));
    }
    return reason;
  }
}
