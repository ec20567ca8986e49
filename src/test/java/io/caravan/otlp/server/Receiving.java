/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import com.google.protobuf.ByteString;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Signal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A handler that keeps a copy of what it gets, and answers as it is told. */
final class Receiving implements BatchHandler {

  /** What came, off the buffers. */
  record Received(Signal signal, ByteString bytes, int records) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Optional<OtlpStatus>> answers = batch -> Optional.empty();
  private volatile boolean holding;
  private final List<Answer> held = new CopyOnWriteArrayList<>();

  @Override
  public void handle(OtlpBatch batch, Answer answer) {
    Received one =
        new Received(
            batch.signal(), ByteString.copyFrom(batch.payload().nioBuffer()), batch.records());
    batch.release();
    received.add(one);
    if (holding) {
      held.add(answer);
      return;
    }
    answers.apply(one).ifPresentOrElse(answer::fail, answer::succeed);
  }

  List<Received> received() {
    return received;
  }

  void answerWith(OtlpStatus status) {
    answers = batch -> Optional.of(status);
  }

  /** Keeps the answers back, for {@link #held()} to be given by the test. */
  void hold() {
    holding = true;
  }

  /** Answers at once again. */
  void goOn() {
    holding = false;
  }

  List<Answer> held() {
    return held;
  }
}
