/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery.Retain;
import io.caravan.api.PipelineId;
import io.caravan.api.RetainedAmount;
import io.caravan.delivery.Ending;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.observe.LinePace;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What pipelines have delivered and keep for replay, within their bounds and those of the journal:
 * where live data needs the room, the oldest goes. Thread-safe; costs nothing where no pipeline
 * keeps any.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");
  private static final Duration EVERY = Duration.ofSeconds(1);

  private record Aged(Instant oldest, Retained kept) {}

  private final Journal journal;
  private final Executor reading;
  private final Later later;
  private final MeterRegistry registry;
  private final Map<PipelineId, RetainedMeters> meters = new HashMap<>();
  private final Map<PipelineId, Retained> retained = new ConcurrentHashMap<>();
  private final LinePace unreadable = new LinePace();
  private final LinePace givenUp = new LinePace();
  private boolean sweeps;

  /**
   * @param reading where files may be read
   */
  Retention(Journal journal, Executor reading, Later later, MeterRegistry registry) {
    this.journal = journal;
    this.reading = reading;
    this.later = later;
    this.registry = registry;
  }

  /** How a pipeline keeps what it has delivered, from now on. */
  synchronized void plan(PipelineId id, Place place, Optional<Retain> bounds) {
    if (bounds.isEmpty()) {
      drop(id, place);
      return;
    }
    Retained before = retained.get(id);
    if (before != null && before.place() == place) {
      before.bounds(bounds.get());
    } else {
      Retained begun = new Retained(id, place, journal.retained(), bounds.get());
      forget(id);
      retained.put(id, begun);
      meters.put(id, new RetainedMeters(registry, begun));
    }
    if (!sweeps) {
      sweeps = true;
      later.run(this::sweepSoon, EVERY);
    }
  }

  private void drop(PipelineId id, Place place) {
    forget(id);
    journal
        .retained()
        .find(place)
        .ifPresent(
            companion -> {
              LOG.info(
                  "event=retained_dropped pipeline={} records={} bytes={} reason=\"spec.delivery.retain is not set\"",
                  id,
                  companion.pendingRecords(),
                  companion.pendingBytes());
              journal.retained().remove(place);
            });
  }

  /** The pipeline is gone, and its place is going. */
  synchronized void forget(PipelineId id) {
    retained.remove(id);
    RetainedMeters shown = meters.remove(id);
    if (shown != null) {
      shown.remove();
    }
  }

  /** What a pipeline keeps; empty if it is to keep nothing. */
  Optional<Retained> find(PipelineId id) {
    return retained.isEmpty() ? Optional.empty() : Optional.ofNullable(retained.get(id));
  }

  /** How much each pipeline keeps that is to keep some. */
  SortedMap<PipelineId, RetainedAmount> amounts() {
    SortedMap<PipelineId, RetainedAmount> amounts = new TreeMap<>();
    retained.forEach((id, kept) -> amounts.put(id, kept.amount()));
    return amounts;
  }

  OfPipeline of(PipelineId id) {
    return new OfPipeline(id);
  }

  /** Hears how a pipeline's deliveries end: what was not delivered is not kept. Any thread. */
  final class OfPipeline {
    private final PipelineId id;

    private OfPipeline(PipelineId id) {
      this.id = id;
    }

    void ended(long position, Ending ending) {
      boolean lost =
          switch (ending) {
            case Ending.Refused _, Ending.Expired _, Ending.Displaced _ -> true;
            case Ending.Divided divided -> divided.delivered() == 0 && ends(divided);
            case Ending.Delivered _, Ending.Left _, Ending.Withdrawn _ -> false;
          };
      if (lost) {
        notDelivered(position);
      }
    }

    /** Else the whole comes again. */
    private static boolean ends(Ending.Divided divided) {
      return divided.rest().stream()
          .map(Ending.Part::ending)
          .noneMatch(end -> end instanceof Ending.Left || end instanceof Ending.Withdrawn);
    }

    void notDelivered(long position) {
      find(id).ifPresent(kept -> readSoon(() -> tryTo(kept, () -> kept.notDelivered(position))));
    }
  }

  private void sweepSoon() {
    readSoon(this::sweep);
  }

  private void readSoon(Runnable task) {
    try {
      reading.execute(task);
    } catch (RejectedExecutionException _) {
      // The node is being closed; the next process goes on.
    }
  }

  private void sweep() {
    Instant now = Instant.now();
    for (Retained kept : retained.values()) {
      tryTo(kept, () -> kept.expire(now));
    }
    long excess = journal.retained().excess();
    if (excess > 0) {
      giveUp(excess);
    }
    synchronized (this) {
      sweeps = !retained.isEmpty();
      if (sweeps) {
        later.run(this::sweepSoon, EVERY);
      }
    }
  }

  private void giveUp(long excess) {
    List<Aged> oldestFirst =
        retained.values().stream()
            .map(kept -> new Aged(oldest(kept), kept))
            .sorted(Comparator.comparing(Aged::oldest))
            .toList();
    long left = excess;
    for (Aged aged : oldestFirst) {
      Retained kept = aged.kept;
      long wanted = left;
      long[] given = {0};
      tryTo(kept, () -> given[0] = kept.giveUp(wanted));
      left -= given[0];
      if (given[0] > 0 && givenUp.mayWrite()) {
        LOG.warn(
            "event=retained_gives_way pipeline={} bytes={} retained_bytes={} reason=\"live data needs the room\"",
            kept.pipeline(),
            given[0],
            kept.bytes());
      }
      if (left <= 0) {
        return;
      }
    }
  }

  private Instant oldest(Retained kept) {
    try {
      return kept.oldest().orElse(Instant.MAX);
    } catch (IOException e) {
      return Instant.MIN; // what cannot be read is asked first, and says so then
    }
  }

  /** Something that reads the journal. */
  private interface Reading {
    void run() throws IOException;
  }

  private void tryTo(Retained kept, Reading task) {
    try {
      task.run();
    } catch (IOException e) {
      if (unreadable.mayWrite()) {
        LOG.warn(
            "event=journal_unreadable pipeline={} error=\"{}\" action=\"tried again in 1 s\"",
            kept.pipeline(),
            e.toString());
      }
    }
  }
}
