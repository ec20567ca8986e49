/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers each batch of a signal to all pipelines of that signal. Thread-safe. */
final class FanOut {
  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  private final Signal signal;
  private final Subscriptions subscriptions;
  private final MemoryBudget budget;
  private final Counter accepted;
  private final Counter refused;

  FanOut(Signal signal, Subscriptions subscriptions, MemoryBudget budget, MeterRegistry registry) {
    this.signal = signal;
    this.subscriptions = subscriptions;
    this.budget = budget;
    this.accepted = counter(registry, "accepted");
    this.refused = counter(registry, "refused");
  }

  private Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("caravan.receiver.records")
        .description("Records by the answer that their sender got")
        .tags("signal", signal.lowerName(), "result", result)
        .register(registry);
  }

  /**
   * Offers a batch, borrowed for the time of the call.
   *
   * @param sender is told once what the sender is to hear, from any thread, also before this
   *     returns
   */
  void offer(OtlpBatch batch, Consumer<Reply> sender) {
    offer(batch, SenderDeadline.in(SenderDeadline.DEFAULT), sender);
  }

  /** The same for a sender that waits until then. */
  void offer(OtlpBatch batch, SenderDeadline deadline, Consumer<Reply> sender) {
    int records = batch.records();
    Consumer<Reply> counted =
        reply -> {
          (reply instanceof Reply.Taken ? accepted : refused).increment(records);
          tell(sender, reply);
        };
    List<SubscribedPipeline> pipelines = subscriptions.of(signal);
    if (pipelines.isEmpty()) {
      counted.accept(new Reply.Declined(unimplemented()));
      return;
    }
    if (batch.resources() == 0) {
      counted.accept(Reply.Taken.WHOLLY); // a probe; a resource may have what we cannot count
      return;
    }
    Lease lease = lease(batch);
    if (lease == null) {
      counted.accept(
          new Reply.Declined(
              Answers.unavailable(
                  "the node has as many bytes in flight as it may have", Duration.ofSeconds(1))));
      return;
    }
    // The first pipeline's answer may end the sender's exchange, and with it the sender's
    // reference, before the last pipeline has been asked.
    OtlpBatch held = batch.retain();
    try {
      Answers answers = new Answers(pipelines.size(), counted);
      JournalAppend append = subscriptions.append(held, lease, answers);
      Offer offer = new Offer(held, lease, deadline, answers, append);
      pipelines.forEach(pipeline -> pipeline.offer(offer));
      offer.commit();
    } finally {
      held.release();
      lease.release();
    }
  }

  /** What the batch holds of the budget since it began to arrive, or from now on. */
  private @Nullable Lease lease(OtlpBatch batch) {
    Lease held = batch.shareLease();
    if (held != null) {
      return held;
    }
    Lease fresh = new Lease(budget);
    return fresh.tryResize(batch.footprint()) ? fresh : null;
  }

  /** A sender that cannot take its answer is no pipeline's failure. */
  private static void tell(Consumer<Reply> sender, Reply reply) {
    try {
      sender.accept(reply);
    } catch (RuntimeException e) {
      LOG.warn("event=answer_failed reply={}", reply, e);
    }
  }

  private OtlpStatus unimplemented() {
    return OtlpStatus.of(
        GrpcCode.UNIMPLEMENTED, "no pipeline takes " + signal.lowerName() + " here");
  }
}
