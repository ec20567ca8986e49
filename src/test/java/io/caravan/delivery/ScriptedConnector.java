/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.netty.buffer.ByteBufUtil;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers as a test says: at once, or when the test calls {@link Sent#answer}. */
final class ScriptedConnector implements Connector {
  static final Outcome OK = Outcome.Delivered.ALL;
  static final OtlpStatus DOWN = OtlpStatus.of(GrpcCode.UNAVAILABLE, "down");
  static final OtlpStatus BAD = OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad");
  static final OtlpStatus BIG = OtlpStatus.of(GrpcCode.RESOURCE_EXHAUSTED, "larger than max");
  static final Outcome LATER = new Outcome.RetryLater(DOWN, null);

  private final VirtualTime time;
  private final List<Sent> sent = new ArrayList<>();
  private boolean remembers = true;
  private Function<Sent, @Nullable Outcome> script = _ -> OK;

  ScriptedConnector(VirtualTime time) {
    this.time = time;
  }

  /** One attempt, with what it took to the backend. */
  static final class Sent {
    private final Duration at;
    private final OtlpBatch batch;
    private final Consumer<Outcome> outcome;
    private final List<String> spans;
    private final int size;
    private final int requests;

    Sent(Duration at, OtlpBatch batch, Consumer<Outcome> outcome) {
      this.at = at;
      this.batch = batch;
      this.outcome = outcome;
      this.size = batch.size();
      this.requests = batch.resources();
      this.spans = names(batch);
    }

    Duration at() {
      return at;
    }

    List<String> spans() {
      return spans;
    }

    int size() {
      return size;
    }

    /** Every request of these tests has one resource. */
    int requests() {
      return requests;
    }

    void release() {
      batch.release();
    }

    void answer(Outcome answer) {
      batch.release();
      outcome.accept(answer);
    }

    void answerAgain(Outcome answer) {
      outcome.accept(answer);
    }
  }

  /** Null holds the attempt back until the test answers it. */
  void script(Function<Sent, @Nullable Outcome> next) {
    script = next;
  }

  /** Keeps no record of what is sent from now on. */
  void forget() {
    remembers = false;
  }

  void hold() {
    script = _ -> null;
  }

  @Override
  public void deliver(OtlpBatch batch, Consumer<Outcome> outcome) {
    Sent attempt = new Sent(time.sinceStart(), batch, outcome);
    if (remembers) {
      sent.add(attempt);
    }
    Outcome answer = script.apply(attempt);
    if (answer != null) {
      attempt.answer(answer);
    }
  }

  List<Sent> sent() {
    return sent;
  }

  Sent last() {
    return sent.getLast();
  }

  static List<String> names(OtlpBatch batch) {
    try {
      return ExportTraceServiceRequest.parseFrom(ByteBufUtil.getBytes(batch.payload()))
          .getResourceSpansList()
          .stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .map(Span::getName)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
