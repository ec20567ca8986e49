/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.client.Exporter;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Exports the body of each exchange once; an outcome other than delivered ends the exchange with a
 * {@link DeliveryException}.
 *
 * <p>Takes an {@link OtlpBody} without a copy, and anything else as the protobuf bytes of an export
 * request whose signal the header {@link OtlpComponent#SIGNAL_HEADER} names.
 */
public final class OtlpProducer extends DefaultAsyncProducer {
  private final OtlpExporterEndpoint endpoint;
  private @Nullable Exporter exporter;

  OtlpProducer(OtlpExporterEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    exporter = endpoint.createExporter();
  }

  @Override
  protected void doStop() throws Exception {
    Exporter open = exporter;
    exporter = null;
    if (open != null) {
      open.close();
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Exporter open = exporter;
    if (open == null) {
      return end(
          exchange,
          callback,
          new Outcome.RetryLater(
              OtlpStatus.of(GrpcCode.UNAVAILABLE, "The exporter is stopped."), null));
    }
    OtlpBatch batch;
    try {
      batch = batch(exchange.getMessage());
    } catch (MalformedOtlpException e) {
      return end(
          exchange,
          callback,
          new Outcome.Refused(
              OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()))));
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    try {
      open.export(
          batch,
          outcome -> {
            record(exchange, outcome);
            callback.done(false);
          });
    } finally {
      batch.release();
    }
    return false;
  }

  private static boolean end(Exchange exchange, AsyncCallback callback, Outcome outcome) {
    record(exchange, outcome);
    callback.done(true);
    return true;
  }

  private static void record(Exchange exchange, Outcome outcome) {
    if (!(outcome instanceof Outcome.Delivered delivered)) {
      exchange.setException(new DeliveryException(outcome));
    } else {
      new Reply.Taken(delivered.rejected(), delivered.message()).noteOn(exchange);
    }
  }

  /** The batch of a message, with a reference that the caller releases. */
  private static OtlpBatch batch(Message message) throws MalformedOtlpException {
    if (message.getBody() instanceof OtlpBody body) {
      return body.retain();
    }
    Signal signal = signal(message.getHeader(OtlpComponent.SIGNAL_HEADER, String.class));
    byte[] bytes = message.getBody(byte[].class);
    if (bytes == null) {
      throw new MalformedOtlpException("The body is empty, or not convertible to bytes.");
    }
    return OtlpBatch.of(signal, Unpooled.wrappedBuffer(bytes));
  }

  private static Signal signal(@Nullable String name) throws MalformedOtlpException {
    for (Signal signal : Signal.values()) {
      if (signal.lowerName().equals(name)) {
        return signal;
      }
    }
    throw new MalformedOtlpException(
        "The header "
            + OtlpComponent.SIGNAL_HEADER
            + " is "
            + (name == null ? "missing" : "'" + name.toLowerCase(Locale.ROOT) + "'")
            + "; expected traces, metrics or logs.");
  }
}
