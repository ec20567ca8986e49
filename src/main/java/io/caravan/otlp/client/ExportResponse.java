/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.Outcome;
import io.caravan.otlp.net.ProtoReader;
import java.nio.ByteBuffer;

/** Reads {@code Export*ServiceResponse}, which has the same shape for all signals. */
final class ExportResponse {
  /** The most that either side may say in an answer (OTLP 1.11.0). */
  static final int MAX_SIZE = 4 << 20;

  private static final int PARTIAL_SUCCESS = 1 << 3 | 2;
  private static final int REJECTED = 1 << 3;
  private static final int ERROR_MESSAGE = 2 << 3 | 2;

  private ExportResponse() {}

  /** An answer that cannot be read is still a yes: the status said so. */
  static Outcome.Delivered parse(ByteBuffer message) {
    if (!message.hasRemaining()) {
      return Outcome.Delivered.ALL;
    }
    long rejected = 0;
    String text = "";
    try {
      while (message.hasRemaining()) {
        long key = ProtoReader.varint(message);
        if (key != PARTIAL_SUCCESS) {
          ProtoReader.skip(message, key);
          continue;
        }
        ByteBuffer partial = ProtoReader.bytes(message);
        while (partial.hasRemaining()) {
          long field = ProtoReader.varint(partial);
          switch ((int) field) {
            case REJECTED -> rejected = Math.max(0, ProtoReader.varint(partial));
            case ERROR_MESSAGE -> text = ProtoReader.utf8(ProtoReader.bytes(partial));
            default -> ProtoReader.skip(partial, field);
          }
        }
      }
    } catch (RuntimeException e) {
      return new Outcome.Delivered(rejected, "The backend's answer is not readable.");
    }
    return rejected == 0 && text.isEmpty()
        ? Outcome.Delivered.ALL
        : new Outcome.Delivered(rejected, text);
  }
}
