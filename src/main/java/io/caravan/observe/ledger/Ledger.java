/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What became of every record that a pipeline took: a book for each pipeline. Thread-safe.
 *
 * <p>{@code accepted + created = delivered + queued + dropped + dead-lettered}, for each pipeline
 * and source, in records and in bytes, at all times. A replay is a new acceptance of the origin
 * {@link Origin#REPLAY}; what it sends again stays where it was counted the first time.
 */
public final class Ledger {
  private final MeterRegistry registry;
  private final Map<PipelineId, PipelineBook> books = new ConcurrentSkipListMap<>();

  /** An empty ledger whose books appear in the registry. */
  public Ledger(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * The pipeline's book, a new one if it has none yet. All that have had its name share it, as they
   * share the metrics.
   */
  public PipelineBook book(PipelineId pipeline) {
    PipelineId name = pipeline.withoutUid();
    PipelineBook book = books.get(name);
    return book == null ? open(name) : book;
  }

  /** All books, by pipeline. */
  public List<PipelineBook> books() {
    return List.copyOf(books.values());
  }

  /** The book of a pipeline that has one. */
  public Optional<PipelineBook> find(PipelineId pipeline) {
    return Optional.ofNullable(books.get(pipeline.withoutUid()));
  }

  private synchronized PipelineBook open(PipelineId pipeline) {
    return books.computeIfAbsent(
        pipeline, id -> new PipelineBook(id, new BookMeters(registry, id)));
  }

  /**
   * Forgets a pipeline that is gone and holds nothing any more. What is posted to its book
   * afterwards is nowhere seen.
   */
  public synchronized void remove(PipelineId pipeline) {
    // Its meters go before a new book can open meters of the same names.
    PipelineBook book = books.remove(pipeline.withoutUid());
    if (book != null) {
      book.remove();
    }
  }

  /** A pipeline's balance over all sources; empty without a book, or if it is never still. */
  public Optional<Balance> balance(PipelineId pipeline) {
    return find(pipeline)
        .flatMap(PipelineBook::balances)
        .map(balances -> balances.values().stream().reduce(Balance.EMPTY, Balance::plus));
  }

  /**
   * What is not accounted for, in order; empty is as it should be. A book that was not still for
   * 100 ms is left to the next check.
   */
  public List<Difference> check() {
    List<Difference> differences = new ArrayList<>();
    for (PipelineBook book : books.values()) {
      book.balances()
          .ifPresent(
              balances ->
                  balances.forEach(
                      (source, balance) -> {
                        if (!balance.difference().isNone()) {
                          differences.add(
                              new Difference(book.pipeline(), source, balance.difference()));
                        }
                      }));
    }
    return differences;
  }
}
