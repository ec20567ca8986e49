/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.server.Answer;
import io.caravan.otlp.server.BatchHandler;
import io.caravan.otlp.server.OtlpServer;
import io.caravan.otlp.server.Refusals;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one exchange of each request, on the event loop that read it, and one answer of its result.
 *
 * <p>Suspending it, with which Camel begins to stop a route, closes the ports and tells the
 * clients; what is in flight is still answered.
 */
public final class OtlpConsumer extends DefaultConsumer implements Suspendable {
  /** Answers are written within this time after the last exchange has ended. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /** A drain is bounded by Camel's shutdown timeout; this only keeps connections from staying. */
  private static final Duration DRAIN = Duration.ofMinutes(5);

  private final OtlpReceiverEndpoint endpoint;
  private @Nullable OtlpServer server;

  OtlpConsumer(OtlpReceiverEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  /** The port of OTLP/gRPC once started; -1 if there is none. */
  public int grpcPort() {
    OtlpServer open = server;
    return open == null ? -1 : open.grpcPort();
  }

  /** The port of OTLP/HTTP once started; -1 if there is none. */
  public int httpPort() {
    OtlpServer open = server;
    return open == null ? -1 : open.httpPort();
  }

  /**
   * Opens the ports.
   *
   * @throws IllegalArgumentException if a file of TLS or of credentials cannot be used
   * @throws io.caravan.otlp.server.BindFailedException if one is taken
   */
  @Override
  protected void doStart() throws Exception {
    super.doStart();
    BatchHandler handler = this::receive;
    server = OtlpServer.start(endpoint.settings(), endpoint.memory(), handler, refusals());
  }

  private Refusals refusals() {
    MeterRegistry meters =
        endpoint.getCamelContext().getRegistry().findSingleByType(MeterRegistry.class);
    return meters == null ? Refusals.UNCOUNTED : new RefusalMeters(meters);
  }

  @Override
  protected void doSuspend() throws Exception {
    OtlpServer open = server;
    if (open != null) {
      var _ = open.drain(DRAIN);
    }
    super.doSuspend();
  }

  @Override
  protected void doResume() throws Exception {
    closePorts();
    doStart();
  }

  @Override
  protected void doStop() throws Exception {
    closePorts();
    super.doStop();
  }

  private void closePorts() throws InterruptedException {
    OtlpServer open = server;
    server = null;
    if (open == null) {
      return;
    }
    try {
      open.drain(LAST_ANSWERS).get(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // A client that keeps a request open is cut.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      open.close();
    }
  }

  private void receive(OtlpBatch batch, SenderDeadline deadline, Answer answer) {
    Exchange exchange = createExchange(false);
    BatchOwner owner = BatchOwner.attach(exchange, batch);
    exchange.getMessage().setHeader(OtlpComponent.SIGNAL_HEADER, batch.signal().lowerName());
    exchange.setProperty(OtlpComponent.DEADLINE_PROPERTY, deadline);
    getAsyncProcessor()
        .process(
            exchange,
            sync -> {
              Exception failure = exchange.getException();
              Reply reply =
                  failure == null ? Reply.Taken.of(exchange) : new Reply.Declined(status(failure));
              owner.release();
              releaseExchange(exchange, false);
              answer.reply(reply);
            });
  }

  /**
   * The status of a failed exchange. What is no status of OTLP is UNAVAILABLE: a sender tries again
   * a few times, where INTERNAL would have it drop the batch for an error of ours.
   */
  private OtlpStatus status(Exception failure) {
    return switch (failure) {
      case OtlpStatusException known -> known.status();
      case DeliveryException delivery -> status(delivery.outcome());
      case RejectedExecutionException _ ->
          OtlpStatus.of(GrpcCode.UNAVAILABLE, "This receiver is stopping.");
      default -> {
        getExceptionHandler().handleException("A route failed on a batch", failure);
        yield OtlpStatus.of(GrpcCode.UNAVAILABLE, "The batch could not be processed.");
      }
    };
  }

  /** For a route that ends in an exporter: what the backend said, or might say later. */
  private static OtlpStatus status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> OtlpStatus.of(GrpcCode.OK, "");
      case Outcome.RetryLater later ->
          new OtlpStatus(GrpcCode.UNAVAILABLE, later.status().message(), later.notBefore());
      case Outcome.Refused refused -> refused.status();
      case Outcome.TooLarge large ->
          OtlpStatus.of(GrpcCode.RESOURCE_EXHAUSTED, large.status().message());
      case Outcome.Misconfigured wrong ->
          OtlpStatus.of(GrpcCode.UNAVAILABLE, wrong.status().message());
    };
  }
}
