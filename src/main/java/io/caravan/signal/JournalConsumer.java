/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.otlp.BatchOwner;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Reply;
import io.caravan.signal.outcomes.FailureOutcomes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * The beginning of a pipeline's route: makes an exchange of each batch, independent of the
 * sender's, and turns the exchange's end into the pipeline's answer.
 */
final class JournalConsumer extends DefaultConsumer implements Intake {
  private final JournalEndpoint endpoint;
  private final Subscription subscription;

  JournalConsumer(
      JournalEndpoint endpoint,
      Processor processor,
      PipelineId pipeline,
      String digest,
      Selection selection) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.subscription = new Subscription(pipeline, digest, selection, this);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.subscriptions().add(subscription);
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.subscriptions().remove(subscription);
    super.doStop();
  }

  @Override
  public void take(OtlpBatch batch, Consumer<Answer> answer) {
    Exchange exchange = createExchange(false);
    AtomicBoolean ended = new AtomicBoolean();
    try {
      // Ours from the beginning: a route that is stopping answers before it would make one itself,
      // and nobody would release the batch.
      createUoW(exchange);
      exchange.getMessage().setHeader("CaravanSignal", batch.signal().lowerName());
      BatchOwner.attach(exchange, batch);
    } catch (Exception e) {
      batch.release();
      answer.accept(new Answer.Failed(FailureOutcomes.of(e)));
      return;
    }
    try {
      getAsyncProcessor().process(exchange, _ -> end(exchange, ended, answer));
    } catch (RuntimeException | Error e) {
      // An error of a connector is that connector's: it must not unwind the sender's event loop.
      exchange.setException(e);
      end(exchange, ended, answer);
    }
  }

  private void end(Exchange exchange, AtomicBoolean ended, Consumer<Answer> answer) {
    Throwable failure = exchange.getException();
    Reply.Taken taken = Reply.Taken.of(exchange);
    if (ended.compareAndSet(false, true)) {
      doneUoW(exchange);
    }
    answer.accept(
        failure == null
            ? new Answer.Taken(taken)
            : new Answer.Failed(FailureOutcomes.of(subscription.outcomes(), failure)));
  }
}
