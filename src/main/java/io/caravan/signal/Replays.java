/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.Signal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The replays of a process: those that run, and the last that have ended. Thread-safe. */
public final class Replays {
  private static final int MOST_AT_ONCE = 4;
  private static final int MOST_REMEMBERED = 64;

  private static final Duration STOP = Duration.ofSeconds(5);

  private final Subscriptions subscriptions;
  private final DeadLetters deadLetters;
  private final TreeMap<Long, Replay> replays = new TreeMap<>();
  private final Map<String, Long> keys = new HashMap<>();
  private long next = 1;

  Replays(Subscriptions subscriptions, DeadLetters deadLetters) {
    this.subscriptions = subscriptions;
    this.deadLetters = deadLetters;
  }

  /**
   * Sends the dead letters of a pipeline again, each as a new acceptance of that pipeline; a letter
   * goes when the backlog has it.
   *
   * @param pipeline such as {@code tracepipeline/demo}
   * @param some which; empty for all that are there now
   * @return the number of the replay
   */
  public long deadLetters(String pipeline, Collection<DeadLetterId> some)
      throws ReplayRefusedException {
    return deadLetters(pipeline, some, Attendance.OF_A_COMMAND);
  }

  /** As above; the number of the one that there is if it has this key. */
  public long deadLetters(String pipeline, Collection<DeadLetterId> some, Attendance attendance)
      throws ReplayRefusedException {
    Optional<Long> known = known(attendance);
    if (known.isPresent()) {
      return known.get();
    }
    for (DeadLetterId letter : some) {
      if (!letter.pipeline().equals(pipeline)) {
        throw new ReplayRefusedException(
            "%s is a dead letter of %s, not of %s".formatted(letter, letter.pipeline(), pipeline));
      }
    }
    SubscribedPipeline to = subscriptions.pipeline(pipeline);
    Signal signal = to.signal();
    return begin(
        "dead letters of " + pipeline,
        some.isEmpty()
            ? DeadLetterSource.all(deadLetters, pipeline, signal)
            : DeadLetterSource.some(deadLetters, pipeline, signal, some),
        subscriptions.backlogs().readmission(to, Readmission.Source.NOT_RETAINED),
        OptionalInt.empty(),
        "",
        attendance);
  }

  /**
   * Sends what a pipeline has delivered and kept to it, or to another of the same signal, again.
   *
   * @param from whose records, such as {@code tracepipeline/demo}
   * @param to who gets them; the same text for the same pipeline
   * @param rate records a second; at least 1; empty for as many as the pipeline takes
   * @return the number of the replay
   */
  public long retained(String from, String to, ReplayWindow window, OptionalInt rate)
      throws ReplayRefusedException {
    return retained(from, to, window, rate, Attendance.OF_A_COMMAND);
  }

  /** As above; the number of the one that there is if it has this key. */
  public long retained(
      String from, String to, ReplayWindow window, OptionalInt rate, Attendance attendance)
      throws ReplayRefusedException {
    Optional<Long> known = known(attendance);
    if (known.isPresent()) {
      return known.get();
    }
    SubscribedPipeline source = subscriptions.pipeline(from);
    SubscribedPipeline target = subscriptions.pipeline(to);
    if (source.signal() != target.signal()) {
      throw new ReplayRefusedException(
          "%s has %s and %s takes %s; a replay goes to a pipeline of the same signal"
              .formatted(from, source.signal().lowerName(), to, target.signal().lowerName()));
    }
    Retained kept =
        subscriptions
            .backlogs()
            .retention()
            .find(source.id())
            .orElseThrow(() -> new ReplayRefusedException(keepsNothing(source)));
    return begin(
        "%s to %s".formatted(from, to),
        new RetainedSource(kept, source.signal(), window),
        subscriptions
            .backlogs()
            .readmission(
                target,
                source == target
                    ? Readmission.Source.RETAINED_THERE
                    : Readmission.Source.NOT_RETAINED),
        rate,
        has(kept, window),
        attendance);
  }

  private static String keepsNothing(SubscribedPipeline source) {
    return "%s retains nothing of what it has delivered; set spec.delivery.retain to keep some from then on"
        .formatted(source.id());
  }

  private static String has(Retained kept, ReplayWindow window) throws ReplayRefusedException {
    Optional<Instant> oldest;
    try {
      oldest = kept.oldest();
    } catch (IOException e) {
      throw new ReplayRefusedException("the journal cannot be read: " + e);
    }
    boolean more =
        oldest.isEmpty() || window.from().map(from -> from.isBefore(oldest.get())).orElse(true);
    return "%s retains %d records, %d bytes%s%s"
        .formatted(
            kept.pipeline(),
            kept.records(),
            kept.bytes(),
            oldest.map(time -> ", the oldest of " + time).orElse(""),
            more ? "; what came before is not there" : "");
  }

  private synchronized Optional<Long> known(Attendance attendance) {
    return Optional.ofNullable(keys.get(attendance.key()));
  }

  private synchronized long begin(
      String what,
      ReplaySource source,
      Readmission readmission,
      OptionalInt rate,
      String about,
      Attendance attendance)
      throws ReplayRefusedException {
    int running = 0;
    for (Map.Entry<Long, Replay> one : replays.entrySet()) {
      if (!one.getValue().look().state().ended()) {
        running++;
        if (one.getValue().what().equals(what)) {
          throw new ReplayRefusedException(
              "%s: that is being replayed already, by replay %d".formatted(what, one.getKey()));
        }
      }
    }
    if (running >= MOST_AT_ONCE) {
      throw new ReplayRefusedException(
          "%d replays run already; begin another when one has ended".formatted(running));
    }
    forgetOld();
    Replay replay =
        new Replay(next, what, about, source, readmission, new Pace(rate), attendance.patience());
    replays.put(next, replay);
    if (!attendance.key().isEmpty()) {
      keys.put(attendance.key(), next);
    }
    Thread.ofPlatform().daemon().name("replay-" + next).start(replay);
    return next++;
  }

  private void forgetOld() {
    Iterator<Replay> oldest = replays.values().iterator();
    while (replays.size() > MOST_REMEMBERED && oldest.hasNext()) {
      if (oldest.next().look().state().ended()) {
        oldest.remove();
      }
    }
    keys.values().retainAll(replays.keySet());
  }

  /** How far a replay is. One that nobody asks for within 10 s stops. */
  public Optional<ReplayProgress> progress(long id) {
    return find(id).map(Replay::progress);
  }

  /** Stops a replay, and returns how far it came; what is on its way to the disk still counts. */
  public Optional<ReplayProgress> stop(long id) throws InterruptedException {
    Optional<Replay> replay = find(id);
    if (replay.isPresent()) {
      replay.get().stop(STOP);
    }
    return replay.map(Replay::look);
  }

  private synchronized Optional<Replay> find(long id) {
    return Optional.ofNullable(replays.get(id));
  }

  /** Has all stop, which takes until what is on its way is on the disk. */
  synchronized void close() {
    replays.values().forEach(Replay::stop);
  }
}
