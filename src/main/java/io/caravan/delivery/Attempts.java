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

/**
 * The attempts of a pipeline, from their beginning until their connector has let go. What
 * connectors and the clock say comes from any thread; all else is guarded by the pipeline's lock.
 */
final class Attempts implements Attempt.Judge {
  /** What goes on when an attempt has been judged; under the lock. */
  interface Next {
    void goOn(Lane lane, Effects effects);
  }

  private static final Outcome TIMED_OUT =
      new Outcome.RetryLater(
          OtlpStatus.of(GrpcCode.DEADLINE_EXCEEDED, "the backend did not answer in time"), null);

  private final Guard guard;
  private final Timer timer;
  private Duration timeout;
  private final int mostLeftBehind;
  private final Judgement judgement;
  private final Endings endings;
  private final Next next;
  private Output output;

  /** Counts the outputs: what the one before failed at, the next one has not. */
  private int generation;

  private int underWay;
  private int leftBehind;
  private final Tally tally = new Tally();

  Attempts(
      Guard guard,
      DeliverySettings settings,
      Output output,
      Timer timer,
      Judgement judgement,
      Endings endings,
      Next next) {
    this.guard = guard;
    this.timer = timer;
    this.timeout = settings.attemptTimeout();
    this.mostLeftBehind = settings.lanes();
    this.judgement = judgement;
    this.endings = endings;
    this.next = next;
    this.output = output;
  }

  void switchTo(Output another) {
    output = another;
    generation++;
    leftBehind = 0;
  }

  /** For attempts that begin from now on. */
  void change(DeliverySettings settings) {
    timeout = settings.attemptTimeout();
  }

  /** Whether the connector has not let go of so many attempts that it gets no further one. */
  boolean areBlocked() {
    return leftBehind >= mostLeftBehind;
  }

  int underWay() {
    return underWay;
  }

  int leftBehind() {
    return leftBehind;
  }

  Tally tally() {
    return tally;
  }

  void begin(Lane lane, List<Item> items, Breaker.Permit permit, Effects effects) {
    Attempt attempt = new Attempt(lane, items, permit, generation, timer.nanoTime());
    lane.begin(attempt);
    underWay++;
    tally.attempted();
    List<OtlpBatch> batches = attempt.retainBatches();
    Output to = output;
    effects.add(() -> attempt.start(batches, to, timer, timeout, this));
  }

  @Override
  public void answered(Attempt attempt, Outcome outcome) {
    guard.run(
        effects -> {
          switch (attempt.state()) {
            case UNDER_WAY -> {
              attempt.state(Attempt.State.ENDED);
              effects.add(attempt::cancelDeadline);
              conclude(attempt, outcome, effects);
            }
            case LEFT_BEHIND -> {
              attempt.state(Attempt.State.ENDED);
              letGo(attempt, outcome, effects);
            }
            case ENDED -> tally.repeated();
          }
        });
  }

  @Override
  public void timedOut(Attempt attempt) {
    guard.run(effects -> leaveBehind(attempt, effects));
  }

  /** Goes on without the connector's answer. */
  void leaveBehind(Attempt attempt, Effects effects) {
    if (attempt.state() == Attempt.State.UNDER_WAY) {
      attempt.state(Attempt.State.LEFT_BEHIND);
      tally.timedOut();
      leftBehind += attempt.generation() == generation ? 1 : 0;
      endings.leaveBehind(attempt.size());
      conclude(attempt, TIMED_OUT, effects);
    }
  }

  private void letGo(Attempt attempt, Outcome outcome, Effects effects) {
    tally.late();
    boolean current = attempt.generation() == generation;
    leftBehind -= current ? 1 : 0;
    if (outcome instanceof Outcome.Delivered delivered) {
      judgement.deliveredLate(attempt, delivered, effects);
      if (current) {
        judgement.lives();
      }
    }
    endings.letGo(attempt.size(), effects);
    next.goOn(attempt.lane(), effects);
  }

  private void conclude(Attempt attempt, Outcome outcome, Effects effects) {
    Lane lane = attempt.lane();
    boolean delivered = outcome instanceof Outcome.Delivered;
    if (!delivered && attempt.generation() != generation) {
      lane.putBack(attempt.items());
    } else {
      Oversize oversize = judgement.judge(attempt, outcome, effects);
      if (oversize != null) {
        // Not under the lock: it may be 64 MiB. The lane stays taken meanwhile.
        effects.add(() -> divide(lane, oversize));
        return;
      }
    }
    end(lane, effects);
  }

  private void end(Lane lane, Effects effects) {
    lane.end();
    underWay--;
    next.goOn(lane, effects);
  }

  private void divide(Lane lane, Oversize oversize) {
    List<OtlpBatch> halves;
    try {
      halves = oversize.item().batch().halves();
    } catch (Throwable e) {
      // There is no direct memory at this moment.
      guard.run(
          effects -> {
            judgement.notDivided(lane, oversize.item(), Attempt.failed(e).status());
            end(lane, effects);
          });
      return;
    }
    guard.run(
        effects -> {
          if (halves.size() > 1) {
            tally.divided();
          }
          judgement.divided(lane, oversize, halves, effects);
          end(lane, effects);
        });
  }
}
