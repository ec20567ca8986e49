/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.grpc.ServerCredentials;
import io.grpc.Status;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A backend that does as it is told, and can be told otherwise while it runs: how it answers is its
 * {@link Behaviour}, what its network does is its {@link Gate}. Thread-safe.
 */
final class ScriptedBackend implements AutoCloseable {
  private final Arrivals arrivals = new Arrivals();
  private final LongAdder requests = new LongAdder();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("backend's clock").factory());
  private final String protocol;
  private final String scheme;
  private final Wire wire;
  private final Gate gate;
  private volatile Behaviour behaviour = Behaviour.accepting();

  private ScriptedBackend(String protocol, String scheme, Function<Wire.Handler, Wire> server) {
    this.protocol = protocol;
    this.scheme = scheme;
    wire = server.apply(this::handle);
    gate = new Gate(wire.port());
  }

  /** A backend of OTLP/gRPC that accepts. */
  static ScriptedBackend grpc() {
    return new ScriptedBackend("grpc", "http", GrpcWire::new);
  }

  /** A backend of OTLP/gRPC behind TLS that accepts. */
  static ScriptedBackend grpc(ServerCredentials credentials) {
    return new ScriptedBackend("grpc", "https", handler -> new GrpcWire(handler, credentials));
  }

  /** A backend of OTLP/HTTP that accepts. */
  static ScriptedBackend http() {
    return new ScriptedBackend("http", "http", HttpWire::new);
  }

  private void handle(byte[] request, Consumer<Reply.Answer> respond) {
    requests.increment();
    SpanReader.Spans spans = SpanReader.read(request);
    switch (behaviour.to(spans.ids().length)) {
      case Reply.Silence() -> {}
      case Reply.Answer answer when answer.after().isZero() -> answer(spans, answer, respond);
      case Reply.Answer answer -> {
        var _ =
            clock.schedule(
                () -> answer(spans, answer, respond),
                answer.after().toNanos(),
                TimeUnit.NANOSECONDS);
      }
    }
  }

  private void answer(SpanReader.Spans spans, Reply.Answer answer, Consumer<Reply.Answer> respond) {
    if (answer.code() == Status.Code.OK) {
      arrivals.add(spans);
    }
    respond.accept(answer);
  }

  /** As manifests name it: {@code grpc} or {@code http}. */
  String protocol() {
    return protocol;
  }

  /** The endpoint, as a URL; it stays the same. */
  String endpoint() {
    return scheme + "://127.0.0.1:" + gate.port();
  }

  /** From now on it answers like this; what it has begun it ends as it was. */
  void behave(Behaviour next) {
    behaviour = next;
  }

  /** From now on this becomes of its connections. */
  void network(Gate.State state) {
    gate.become(state);
  }

  /** What it has taken. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** How many requests it has been sent, whatever the answer was. */
  long requests() {
    return requests.sum();
  }

  /** How many connections it has had, those included of which nothing came. */
  long connections() {
    return gate.accepted();
  }

  @Override
  public void close() {
    gate.close();
    wire.close();
    clock.shutdownNow();
  }
}
