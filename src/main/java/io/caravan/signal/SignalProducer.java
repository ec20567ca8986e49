/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBody;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadRuntimeException;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Offers the batch of an exchange to all pipelines of the signal. The exchange goes on, on any
 * thread, when they have answered: with an {@link OtlpStatusException} where the answer is not OK.
 */
final class SignalProducer extends DefaultAsyncProducer {
  private final FanOut fanOut;

  SignalProducer(SignalEndpoint endpoint) {
    super(endpoint);
    this.fanOut = endpoint.subscriptions().fanOut(endpoint.signal());
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    if (!(exchange.getMessage().getBody() instanceof OtlpBody body)) {
      exchange.setException(new InvalidPayloadRuntimeException(exchange, OtlpBody.class));
      callback.done(true);
      return true;
    }
    try {
      fanOut.offer(
          body.batch(),
          SenderDeadline.of(exchange),
          reply -> {
            switch (reply) {
              case Reply.Taken taken -> taken.noteOn(exchange);
              case Reply.Declined(OtlpStatus status) ->
                  exchange.setException(new OtlpStatusException(status));
            }
            callback.done(false);
          });
      return false;
    } catch (RuntimeException e) {
      // The bytes are gone already, or the answer could not be given: the sender must hear of it.
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }
}
