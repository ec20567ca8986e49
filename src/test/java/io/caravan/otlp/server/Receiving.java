/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import com.google.protobuf.ByteString;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A handler that keeps a copy of what it gets, and answers as it is told. */
final class Receiving implements BatchHandler {

  /** What came, off the buffers. */
  record Received(Signal signal, ByteString bytes, int records) {}

  private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
  private final List<SenderDeadline> deadlines = Collections.synchronizedList(new ArrayList<>());
  private volatile Reply reply = Reply.Taken.WHOLLY;
  private volatile boolean holding;
  private final List<Answer> held = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void handle(OtlpBatch batch, SenderDeadline deadline, Answer answer) {
    Received one =
        new Received(
            batch.signal(), ByteString.copyFrom(batch.payload().nioBuffer()), batch.records());
    batch.release();
    deadlines.add(deadline);
    received.add(one);
    if (holding) {
      held.add(answer);
      return;
    }
    answer.reply(reply);
  }

  List<Received> received() {
    return received;
  }

  /** Until when the senders of what came wait. */
  List<SenderDeadline> deadlines() {
    return deadlines;
  }

  void answerWith(OtlpStatus status) {
    answerWith(new Reply.Declined(status));
  }

  void answerWith(Reply other) {
    reply = other;
  }

  /** Keeps the answers back, for {@link #held()} to be given by the test. */
  void hold() {
    holding = true;
  }

  /** Answers from now on; what is held stays held. */
  void goOn() {
    holding = false;
  }

  List<Answer> held() {
    return held;
  }
}
