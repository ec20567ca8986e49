/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpBody;
import io.caravan.plan.Plan;
import io.caravan.signal.SignalComponent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/** A node whose front door is a direct: endpoint. */
final class NodeFixture implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Node node;
  private final ProducerTemplate sender;

  NodeFixture() {
    this(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  NodeFixture(Duration attemptTimeout, Duration drainTimeout) {
    this(attemptTimeout, drainTimeout, null, null);
  }

  /** One that gives up soon, for connectors that fail again and again. */
  static NodeFixture impatient() {
    return new NodeFixture(Duration.ofMillis(500), Duration.ofMillis(200));
  }

  /** One that keeps what it has accepted. */
  NodeFixture(Journal journal, DeadLetters deadLetters) {
    this(Duration.ofSeconds(2), Duration.ofSeconds(5), journal, deadLetters);
  }

  private NodeFixture(
      Duration attemptTimeout,
      Duration drainTimeout,
      @Nullable Journal journal,
      @Nullable DeadLetters deadLetters) {
    NodeSettings settings =
        new NodeSettings(
            Path.of("target/data"),
            "127.0.0.1",
            0,
            0,
            attemptTimeout,
            64L << 20,
            16L << 20,
            drainTimeout,
            Map.of());
    node = new Node(settings, meters, "gateways/direct.camel.yaml", journal, deadLetters);
    sender = node.context().createProducerTemplate();
  }

  NodeFixture start(Plan plan) throws Exception {
    node.start(plan);
    sender.start();
    return this;
  }

  void bind(String name, Object bean) {
    node.context().getRegistry().bind(name, bean);
  }

  /** Sends as the receiver does: empty is OK, an exception is the sender's status. */
  Optional<Exception> send(OtlpBatch batch) {
    Exchange exchange = node.context().getEndpoint("direct:gateway").createExchange();
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                batch.release();
              }
            });
    exchange.getMessage().setBody(new OtlpBody(batch));
    return Optional.ofNullable(sender.send("direct:gateway", exchange).getException());
  }

  CompletableFuture<Optional<Exception>> sendLater(OtlpBatch batch) {
    return CompletableFuture.supplyAsync(() -> send(batch), task -> Thread.ofVirtual().start(task));
  }

  double records(String pipeline, String result) {
    return meters
        .find("caravan.pipeline.records")
        .tags("pipeline", "tracepipeline/" + pipeline, "result", result)
        .functionCounters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  long inFlightBytes() {
    return node.context()
        .getComponent("signal", SignalComponent.class)
        .subscriptions()
        .inFlightBytes();
  }

  @Override
  public void close() {
    node.close();
  }
}
