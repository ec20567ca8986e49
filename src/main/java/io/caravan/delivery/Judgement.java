/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the outcome of an attempt means for its items, its lane and its pipeline. Guarded by
 * the deliverer's lock.
 */
final class Judgement {
  /** A backend that asks for more is asked again after a day. */
  private static final Duration LONGEST_ASKED = Duration.ofDays(1);

  private final Breaker breaker;
  private final Backoff backoff;
  private final PortionSize size;
  private final Endings endings;
  private final Failures failures;
  private final Timer timer;

  Judgement(
      Breaker breaker,
      Backoff backoff,
      PortionSize size,
      Endings endings,
      Failures failures,
      Timer timer) {
    this.breaker = breaker;
    this.backoff = backoff;
    this.size = size;
    this.endings = endings;
    this.failures = failures;
    this.timer = timer;
  }

  /**
   * Ends the attempt's items or puts them back.
   *
   * @return what is to be divided before anything else of its lane is tried; null as a rule
   */
  @Nullable Oversize judge(Attempt attempt, Outcome outcome, Effects effects) {
    long now = timer.nanoTime();
    Lane lane = attempt.lane();
    List<Item> items = attempt.items();
    return switch (outcome) {
      case Outcome.Delivered(long rejected, String message) -> {
        answered(lane, now);
        lane.delivered();
        size.delivered(attempt.size(), now - attempt.begun());
        failures.delivered();
        endings.delivered(items, rejected, message, effects);
        yield null;
      }
      case Outcome.RetryLater(OtlpStatus status, Duration notBefore) -> {
        failures.failed(status, timer.epochMillis());
        boolean timeWasUp =
            attempt.state() == Attempt.State.LEFT_BEHIND
                || status.code() == GrpcCode.DEADLINE_EXCEEDED; // a connector's own, or a backend's
        if (timeWasUp && items.size() > 1) {
          // It may be dead, or have had too much for the time: if so, less passes.
          size.tooMuch(attempt.size());
          separate(lane, items);
        } else {
          lane.putBack(items);
        }
        retryLater(attempt, now, now + asked(notBefore));
        yield null;
      }
      case Outcome.Misconfigured(OtlpStatus status) -> {
        failures.failed(status, timer.epochMillis());
        lane.putBack(items);
        lane.readyAt(now);
        breaker.misconfigured(now);
        yield null;
      }
      case Outcome.Refused(OtlpStatus status) -> {
        answered(lane, now);
        failures.failed(status, timer.epochMillis());
        if (items.size() == 1) {
          lane.refused();
          endings.refused(items.getFirst(), status, effects);
        } else {
          separate(lane, items);
        }
        yield null;
      }
      case Outcome.TooLarge(OtlpStatus status) -> {
        answered(lane, now);
        size.tooMuch(attempt.size());
        if (items.size() == 1) {
          yield new Oversize(items.getFirst(), status);
        }
        separate(lane, items);
        yield null;
      }
    };
  }

  /**
   * An attempt that had timed out was delivered nevertheless: what of it was not begun again need
   * not be.
   */
  void deliveredLate(Attempt attempt, Outcome.Delivered outcome, Effects effects) {
    List<Item> waiting = attempt.lane().remove(attempt.items());
    if (!waiting.isEmpty()) {
      endings.delivered(waiting, outcome.rejected(), outcome.message(), effects);
    }
  }

  /** Nothing but that the backend lives. */
  void lives() {
    breaker.succeeded(timer.nanoTime());
    failures.delivered();
  }

  /** Puts the halves in the place of the item, or ends it if it is whole still. */
  void divided(Lane lane, Oversize oversize, List<OtlpBatch> halves, Effects effects) {
    Item item = oversize.item();
    if (halves.size() == 1) {
      halves.getFirst().release();
      failures.failed(oversize.status(), timer.epochMillis());
      endings.refused(item, oversize.status(), effects);
      return;
    }
    Progress progress = item.progress();
    progress.divide();
    lane.putBack(halves.stream().map(half -> Item.alone(progress, half)).toList());
    if (item.batch() != progress.delivery().batch()) {
      item.batch().release();
    }
  }

  /** Puts an item back that could not be divided at this moment. */
  void notDivided(Lane lane, Item item, OtlpStatus status) {
    failures.failed(status, timer.epochMillis());
    lane.putBack(List.of(item));
    lane.readyAt(timer.nanoTime() + backoff.nanos(lane.failed()));
  }

  /** The backend lives, whatever it thinks of the batch. */
  private void answered(Lane lane, long now) {
    breaker.succeeded(now);
    lane.readyAt(now);
  }

  /**
   * A probe leaves its lane ready: the breaker waits for all, and another lane may be the next to
   * probe, or all when one has succeeded.
   */
  private void retryLater(Attempt attempt, long now, long asked) {
    Lane lane = attempt.lane();
    breaker.failed(attempt.permit(), now, asked);
    long wait = attempt.permit() == Breaker.Permit.PROBE ? 0 : backoff.nanos(lane.failed());
    lane.readyAt(Math.max(asked - now, wait) + now);
  }

  private static long asked(@Nullable Duration notBefore) {
    if (notBefore == null || notBefore.isNegative()) {
      return 0;
    }
    return notBefore.compareTo(LONGEST_ASKED) < 0 ? notBefore.toNanos() : LONGEST_ASKED.toNanos();
  }

  /** One bad request must not take those with it that happened to wait in the same lane. */
  private static void separate(Lane lane, List<Item> items) {
    items.forEach(item -> item.separate(items.size()));
    lane.putBack(items);
  }
}
