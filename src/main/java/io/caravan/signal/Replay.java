/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.Reservation;
import io.caravan.otlp.OtlpBatch;
import io.caravan.signal.ReplayProgress.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a source's batches into a pipeline's backlog, as fast as the pipeline takes them or slower.
 * Runs on a thread of its own; the rest is thread-safe.
 */
final class Replay implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private static final long LOOK_MILLIS = 20;
  private static final int LARGEST_BATCH = Integer.MAX_VALUE;

  /** Says why the replay does not go on; it is not an error of the program. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    private final State state;

    Ended(State state, String why) {
      super(why, null, false, false);
      this.state = state;
    }
  }

  private final long id;
  private final String what;
  private final String about;
  private final ReplaySource source;
  private final Readmission readmission;
  private final Pace pace;
  private final Duration patience;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AppendsUnderWay underWay;
  private final ReplayTally tally = new ReplayTally();

  private volatile long asked = System.nanoTime();

  /**
   * A replay that has not begun.
   *
   * @param about what there is to send; empty if nobody needs to know
   * @param patience it stops when nobody has asked for its {@link #progress} for so long
   */
  Replay(
      long id,
      String what,
      String about,
      ReplaySource source,
      Readmission readmission,
      Pace pace,
      Duration patience) {
    this.id = id;
    this.what = what;
    this.about = about;
    this.source = source;
    this.readmission = readmission;
    this.underWay = new AppendsUnderWay(readmission, tally::durable);
    this.pace = pace;
    this.patience = patience;
  }

  String what() {
    return what;
  }

  @Override
  public void run() {
    LOG.info("event=replay_began replay={} what=\"{}\"", id, what);
    end(result());
    ended.countDown();
  }

  private Ended result() {
    try (source) {
      tally.found(source.records());
      Ended result = sent();
      underWay.settle();
      return result;
    } catch (IOException e) {
      return new Ended(State.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("event=replay_broken replay={}", id, e);
      return new Ended(State.FAILED, e.toString());
    }
  }

  /** What is on its way is settled by the caller, whatever the result is. */
  private Ended sent() {
    try {
      send();
      return new Ended(State.DONE, "");
    } catch (Ended e) {
      return e;
    } catch (IOException e) {
      return new Ended(State.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void end(Ended result) {
    tally.now(result.state, String.valueOf(result.getMessage()));
    ReplayProgress last = look();
    LOG.info(
        "event=replay_ended replay={} state={} batches={} records={} bytes={} left_out={} note=\"{}\"",
        id,
        last.state(),
        last.batches(),
        last.records(),
        last.bytes(),
        last.leftOut(),
        last.note());
  }

  private void send() throws IOException, Ended {
    for (Optional<ReplaySource.Item> next = source.next(); next.isPresent(); next = source.next()) {
      switch (next.get()) {
        case ReplaySource.LeftOut(String why) -> tally.leftOut(why);
        case ReplaySource.Again(OtlpBatch batch, ReplaySource.Taken taken) -> send(batch, taken);
      }
    }
  }

  /** Takes over the reference to the batch. */
  private void send(OtlpBatch batch, ReplaySource.Taken taken) throws Ended, IOException {
    List<OtlpBatch> parts;
    try {
      parts = batch.split(pace.largest(), LARGEST_BATCH);
    } finally {
      batch.release();
    }
    int next = 0;
    try {
      while (next < parts.size()) {
        OtlpBatch part = parts.get(next);
        pause(pace.before(part.records(), System.nanoTime()));
        awaitRoom(part.size());
        next++;
        underWay.add(part, next == parts.size() ? taken : () -> {});
      }
    } finally {
      parts.subList(next, parts.size()).forEach(OtlpBatch::release);
    }
  }

  private void pause(long nanos) throws Ended, IOException {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      underWay.settle();
      stopIfAsked(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)));
    }
    stopIfAsked(0);
  }

  private void awaitRoom(long size) throws Ended, IOException {
    Reservation answer = readmission.tryReserve(size);
    while (answer != Reservation.GRANTED) {
      if (answer == Reservation.REMOVED) {
        throw new Ended(State.STOPPED, "the pipeline was deleted");
      }
      underWay.settle();
      tally.now(State.WAITING, waitsFor(answer));
      stopIfAsked(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      answer = readmission.tryReserve(size);
    }
    tally.now(State.RUNNING, "");
  }

  private static String waitsFor(Reservation answer) {
    return switch (answer) {
      case PLACE_FULL -> "the pipeline has enough to deliver; it goes on as the backend takes it";
      case JOURNAL_FULL -> "the journal is full; it goes on when pipelines have delivered";
      case FILE_SYSTEM_FULL -> "the file system of --data is full; it goes on when there is room";
      case GRANTED, REMOVED -> "";
    };
  }

  private void stopIfAsked(long waitNanos) throws Ended {
    try {
      if (stop.await(waitNanos, TimeUnit.NANOSECONDS)) {
        throw new Ended(State.STOPPED, "it was stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Ended(State.STOPPED, "the process ends");
    }
    if (System.nanoTime() - asked > patience.toNanos()) {
      throw new Ended(
          State.STOPPED, "nobody has asked how far it is for %d s".formatted(patience.toSeconds()));
    }
  }

  /** How far it is; whoever asks keeps it going. */
  ReplayProgress progress() {
    asked = System.nanoTime();
    return look();
  }

  /** How far it is. */
  ReplayProgress look() {
    return tally.progress(id, what, about);
  }

  /** Has it end after what is on its way to the disk. */
  void stop() {
    stop.countDown();
  }

  /** Has it end, and waits at most so long for that. */
  void stop(Duration atMost) throws InterruptedException {
    stop();
    boolean _ = ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
