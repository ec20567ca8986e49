/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.Reservation;
import io.caravan.journal.StoredRecord;
import io.caravan.observe.ledger.Ledger;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.PlaceBook;
import io.caravan.signal.books.PlaceBooks;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what is left in the journal of a process that has ended into the backlogs of this one: in
 * the order of that journal, with the time and the sender that each record has. A record is let go
 * of there when it is durable here, so that a crash loses nothing; one in between sends at most one
 * portion again. Used by one thread.
 */
public final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  /** What is sent again after a crash in the wrong moment; enough for one sync to be worth it. */
  private static final int PORTION_BYTES = 1 << 20;

  /** As in the ledger of the journal that it leaves. */
  private static final String ADOPTED = "adopted";

  private static final String UNUSABLE = "unusable";
  private static final Signal[] SIGNALS = Signal.values();

  /** For how long nothing is dropped of a pipeline that is not planned. */
  private static final Duration UNPLANNED = Delivery.DEFAULT.buffer().age();

  private record Moving(StoredRecord record, CompletableFuture<Void> durable) {}

  private final Journal orphan;
  private final Backlogs backlogs;
  private final Function<PipelineId, Optional<SubscribedPipeline>> planned;
  private final Runnable planAgain;
  private final Set<PipelineId> expected = new HashSet<>();
  private final PlaceBooks books = new PlaceBooks(new Ledger(new CompositeMeterRegistry()));
  private final Map<String, Long> unplannedSince = new HashMap<>();

  /**
   * @param planAgain has the plan applied again, so that a deleted pipeline runs whose rest is here
   */
  Adoption(
      Journal orphan,
      Backlogs backlogs,
      Function<PipelineId, Optional<SubscribedPipeline>> planned,
      Runnable planAgain) {
    this.orphan = orphan;
    this.backlogs = backlogs;
    this.planned = planned;
    this.planAgain = planAgain;
  }

  /** Whether nothing is left to move. */
  public boolean isDone() {
    return orphan.places().stream().allMatch(place -> place.pendingEntries() == 0);
  }

  /**
   * Moves one portion of each place whose pipeline has room for it. Waits for the disk.
   *
   * @return whether anything was moved
   * @throws IOException if a journal cannot be read or written; it is all right to try again
   */
  public boolean move() throws IOException {
    boolean any = false;
    for (Place place : orphan.places()) {
      Optional<PipelineId> id = PipelineId.ofPlace(place.id());
      if (place.pendingEntries() > 0 && id.isPresent()) {
        Optional<SubscribedPipeline> pipeline = planned.apply(id.get());
        if (pipeline.isPresent()) {
          unplannedSince.remove(place.id());
          any |= movePlanned(place, pipeline.get());
        } else {
          unplanned(place, id.get());
        }
      }
    }
    return any;
  }

  private boolean movePlanned(Place place, SubscribedPipeline pipeline) throws IOException {
    Optional<Instant> until = pipeline.deliversUntil();
    if (until.isPresent() && !Instant.now().isBefore(until.get())) {
      drop(place, pipeline.id());
      return false;
    }
    if (until.isPresent() && expected.add(pipeline.id())) {
      backlogs.expect(pipeline.id());
      planAgain.run();
    }
    Optional<Readmission> readmission = backlogs.adoption(pipeline);
    return readmission.isPresent() && move(place, pipeline, readmission.get());
  }

  private boolean move(Place place, SubscribedPipeline pipeline, Readmission readmission)
      throws IOException {
    PlaceBook book = books.of(pipeline.id(), place);
    Portion portion = place.read(place.oldest(), PORTION_BYTES);
    List<Moving> moving = new ArrayList<>();
    boolean room = true;
    for (StoredRecord record : portion.records()) {
      if (!room) {
        record.payload().release();
        continue;
      }
      try {
        OtlpBatch batch = StoredBatch.of(SIGNALS[record.signal()], record);
        room = append(readmission, record, batch, moving);
      } catch (MalformedOtlpException e) {
        LOG.error(
            "event=journal_record_unusable pipeline={} position={}",
            place.id(),
            record.position(),
            e);
        boolean _ =
            place.acknowledge(record.receipt(), () -> book.dropped(record.receipt(), UNUSABLE));
      }
    }
    settle(place, book, moving);
    return !moving.isEmpty();
  }

  /** Takes over the reference to the batch; false if there is no room for it. */
  private static boolean append(
      Readmission readmission, StoredRecord record, OtlpBatch batch, List<Moving> moving) {
    if (readmission.tryReserve(batch.size()) != Reservation.GRANTED) {
      batch.release();
      return false;
    }
    moving.add(
        new Moving(
            record, readmission.append(batch, record.origin(), record.time(), record.lane())));
    return true;
  }

  private static void settle(Place place, PlaceBook book, List<Moving> moving) throws IOException {
    IOException failure = null;
    for (Moving each : moving) {
      try {
        each.durable.join();
        boolean _ =
            place.acknowledge(
                each.record.receipt(), () -> book.dropped(each.record.receipt(), ADOPTED));
      } catch (CompletionException e) {
        // What is behind it may be durable, and is to be let go of.
        failure = new IOException("the journal cannot be written: " + e.getCause(), e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The plan may be late, or the pipeline deleted; who deleted it has forgotten it by then. */
  private void unplanned(Place place, PipelineId id) {
    long now = System.nanoTime();
    Long since = unplannedSince.putIfAbsent(place.id(), now);
    if (since != null && now - since > UNPLANNED.toNanos()) {
      drop(place, id);
    }
  }

  private void drop(Place place, PipelineId id) {
    PlaceBook _ = books.of(id, place);
    LOG.warn(
        "event=backlog_dropped pipeline={} reason=pipeline_deleted records={} bytes={}",
        place.id(),
        place.pendingRecords(),
        place.pendingBytes());
    orphan.remove(place);
    books.removed(place);
  }

  /** Nothing more is moved: deleted pipelines may end when they have delivered what was. */
  public void end() {
    expected.forEach(backlogs::expectNoMore);
    expected.clear();
  }
}
