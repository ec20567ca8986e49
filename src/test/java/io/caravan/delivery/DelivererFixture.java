/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A deliverer in virtual time, what was offered to it, and how it ended. */
final class DelivererFixture {
  final VirtualTime time = new VirtualTime();
  final ScriptedConnector connector = new ScriptedConnector(time);
  final Map<Long, Ending> endings = new HashMap<>();
  final Map<Long, List<List<String>>> rest = new HashMap<>();
  final Map<Long, List<String>> names = new HashMap<>();
  final List<OtlpBatch> batches = new ArrayList<>();
  final Deliverer deliverer;
  int roomAgain;
  private long positions;

  DelivererFixture(DeliverySettings settings) {
    deliverer =
        new Deliverer(
            settings,
            new Output(connector, Runnable::run),
            time,
            new SplittableRandom(11),
            () -> roomAgain++);
  }

  DelivererFixture() {
    this(DeliverySettings.DEFAULT);
  }

  /** A request of a sender, whose spans are named {@code sender/position/i}. */
  Delivery delivery(long sender, int spans) {
    return delivery(sender, spans, 0);
  }

  Delivery delivery(long sender, int spans, int padding) {
    long position = positions++;
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < spans; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setName(sender + "/" + position + "/" + i)
              .setTraceState("x".repeat(padding)));
    }
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
            .build()
            .toByteArray();
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    try {
      OtlpBatch batch = OtlpBatch.of(Signal.TRACES, buffer);
      batches.add(batch);
      names.put(position, ScriptedConnector.names(batch));
      return new Delivery(batch, sender, time.epochMillis(), position, this::ended);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(e);
    }
  }

  private void ended(Delivery delivery, Ending ending) {
    assertThat(delivery.batch().records()).isNotNegative();
    assertThat(endings.put(delivery.position(), ending)).as("ended twice").isNull();
    if (ending instanceof Ending.Divided divided) {
      rest.put(
          delivery.position(),
          divided.rest().stream().map(part -> ScriptedConnector.names(part.batch())).toList());
    }
  }

  long offer(long sender, int spans) {
    Delivery delivery = delivery(sender, spans);
    assertThat(deliverer.offer(delivery)).isTrue();
    return delivery.position();
  }

  Ending ending(long position) {
    Ending ending = endings.get(position);
    assertThat(ending).as("the ending of " + position).isNotNull();
    return ending;
  }

  List<String> sentSpans() {
    return connector.sent().stream().flatMap(sent -> sent.spans().stream()).toList();
  }

  void pass(int seconds) {
    time.pass(Duration.ofSeconds(seconds));
  }

  void assertNothingIsHeld() {
    assertThat(batches).allMatch(batch -> batch.refCnt() == 0);
    assertThat(deliverer.state().bytes()).isZero();
    assertThat(deliverer.state().deliveries()).isZero();
    assertThat(deliverer.state().records()).isZero();
  }
}
