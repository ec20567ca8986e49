/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Deliverer;
import io.caravan.delivery.Delivery;
import io.caravan.delivery.Ending;
import io.caravan.delivery.Timer;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one batch from memory, while its sender waits: with retries for as long as the
 * sender does, unless the backend is dead, which it is told at once. Thread-safe.
 */
final class DirectDelivery {
  private enum State {
    WAITING,
    ANSWERED,
    ENDED
  }

  private static final int NOWHERE = -1;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Outcome STOPPING =
      new Outcome.RetryLater(OtlpStatus.of(GrpcCode.UNAVAILABLE, "the pipeline is stopping"), SOON);

  private final Deliverer deliverer;
  private final Consumer<Answer> sender;
  private final Runnable letGo;
  private final Delivery delivery;
  private final Duration wait;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile Timer.@Nullable Scheduled deadline;

  /**
   * A delivery that has not begun; takes over a reference to the batch.
   *
   * @param of the batch as it came, whose sender it is
   * @param sender is told once
   * @param letGo called once when nothing of the batch is held any more
   */
  DirectDelivery(
      Deliverer deliverer, OtlpBatch batch, Offer of, Consumer<Answer> sender, Runnable letGo) {
    this.deliverer = deliverer;
    this.sender = sender;
    this.letGo = letGo;
    this.wait = of.deadline().left();
    long now = System.currentTimeMillis();
    this.delivery =
        new Delivery(batch, of.batch().sender(), now, NOWHERE, now + wait.toMillis(), this::ended);
  }

  void begin(Timer timer, SenderDeadline waits) {
    Optional<Duration> standstill = deliverer.standstill(delivery);
    if (standstill.isPresent()) {
      turnAway(new Answer.Failed(standsStill(standstill.get())));
      return;
    }
    if (!deliverer.offer(delivery)) {
      turnAway(new Answer.Full());
      return;
    }
    if (state.get() == State.WAITING) {
      deadline = timer.schedule(this::giveUp, wait);
      waits.whenGone(this::giveUp);
      if (state.get() != State.WAITING) {
        cancelDeadline(); // it has ended meanwhile, and found none to cancel
      }
    }
  }

  private void turnAway(Answer answer) {
    delivery.batch().release();
    state.set(State.ENDED);
    letGo.run();
    sender.accept(answer);
  }

  /** The sender waits no longer. */
  private void giveUp() {
    if (state.compareAndSet(State.WAITING, State.ANSWERED)) {
      sender.accept(new Answer.Late());
      deliverer.callOff(delivery);
    }
  }

  private void ended(Delivery ended, Ending ending) {
    State before = state.getAndSet(State.ENDED);
    letGo.run();
    if (before == State.WAITING) {
      cancelDeadline();
      sender.accept(answer(ending));
    }
  }

  private void cancelDeadline() {
    Timer.Scheduled scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }

  private Answer answer(Ending ending) {
    return switch (ending) {
      case Ending.Delivered(int rejected, String message) -> taken(rejected, message);
      case Ending.Refused(OtlpStatus status) -> new Answer.Failed(new Outcome.Refused(status));
      case Ending.Expired _ -> new Answer.Late();
      case Ending.Withdrawn _ ->
          new Answer.Failed(standsStill(deliverer.standstill(delivery).orElse(SOON)));
      case Ending.Left _, Ending.Displaced _ -> new Answer.Failed(STOPPING);
      case Ending.Divided divided -> answer(divided);
    };
  }

  /** What was refused of a batch of which the backend has the rest is a partial success. */
  private Answer answer(Ending.Divided divided) {
    int refused = 0;
    for (Ending.Part part : divided.rest()) {
      if (!(part.ending() instanceof Ending.Refused)) {
        return answer(part.ending());
      }
      refused += part.batch().records();
    }
    Ending first = divided.rest().getFirst().ending();
    return divided.delivered() > 0 && first instanceof Ending.Refused(OtlpStatus status)
        ? taken(divided.rejected() + refused, status.message())
        : answer(first);
  }

  private static Answer taken(int rejected, String message) {
    return new Answer.Taken(new Reply.Taken(rejected, message));
  }

  /** With the code of the last failure, where there was one. */
  private Outcome standsStill(Duration retryAfter) {
    GrpcCode code =
        deliverer
            .state()
            .failure()
            .map(failure -> GrpcCode.valueOf(failure.code()))
            .orElse(GrpcCode.UNAVAILABLE);
    return new Outcome.RetryLater(
        OtlpStatus.of(code, "nothing is tried at the moment"), retryAfter);
  }
}
