/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.signal.books.PlaceBooks;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the places of the journal whose pipelines are gone, with all that is left there, and has it
 * counted. Thread-safe.
 */
final class OrphanedPlaces {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final Journal journal;
  private final PlaceBooks books;

  OrphanedPlaces(Journal journal, PlaceBooks books) {
    this.journal = journal;
    this.books = books;
  }

  /** Says what is left in a place that goes after a while, and opens its account. */
  void found(String id, Duration goesAfter) {
    Optional<Place> left = journal.find(id);
    left.ifPresent(
        place -> PipelineId.ofPlace(id).ifPresent(pipeline -> books.of(pipeline, place)));
    left.filter(place -> place.pendingRecords() > 0)
        .ifPresent(
            place ->
                LOG.warn(
                    "event=backlog_orphaned pipeline={} records={} bytes={} dropped_in_seconds={}",
                    id,
                    place.pendingRecords(),
                    place.pendingBytes(),
                    goesAfter.toSeconds()));
  }

  /** Drops a place, if it is there still. */
  void drop(String id) {
    journal
        .find(id)
        .ifPresent(
            place -> {
              LOG.warn(
                  "event=backlog_dropped pipeline={} reason=pipeline_deleted records={} bytes={}",
                  id,
                  place.pendingRecords(),
                  place.pendingBytes());
              remove(place);
            });
  }

  /** Removes a place; what is left there is counted as dropped. */
  void remove(Place place) {
    journal.remove(place);
    books.removed(place);
  }
}
