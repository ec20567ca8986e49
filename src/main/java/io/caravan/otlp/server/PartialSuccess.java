/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import java.io.ByteArrayOutputStream;

/**
 * {@code Export*ServiceResponse} with its {@code partial_success}, in both encodings. The message
 * is cut so that an answer stays far below the 4 MiB that OTLP allows.
 */
final class PartialSuccess {
  private static final int MAX_MESSAGE = 4096;
  private static final int VARINT = 0;
  private static final int LENGTH = 2;

  private PartialSuccess() {}

  static byte[] protobuf(Reply.Taken taken) {
    byte[] message = message(taken).getBytes(UTF_8);
    ByteArrayOutputStream partial = new ByteArrayOutputStream();
    if (taken.rejected() != 0) {
      varint(partial, 1 << 3 | VARINT);
      varint(partial, taken.rejected());
    }
    if (message.length > 0) {
      varint(partial, 2 << 3 | LENGTH);
      varint(partial, message.length);
      partial.writeBytes(message);
    }
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    varint(response, 1 << 3 | LENGTH);
    varint(response, partial.size());
    response.writeBytes(partial.toByteArray());
    return response.toByteArray();
  }

  static byte[] json(Signal signal, Reply.Taken taken) {
    StringBuilder out = new StringBuilder("{\"partialSuccess\":{");
    if (taken.rejected() != 0) {
      String rejected =
          switch (signal) {
            case TRACES -> "rejectedSpans";
            case METRICS -> "rejectedDataPoints";
            case LOGS -> "rejectedLogRecords";
          };
      out.append('"').append(rejected).append("\":\"").append(taken.rejected()).append("\",");
    }
    out.append("\"errorMessage\":\"");
    JsonStringEncoder.getInstance().quoteAsString(message(taken), out);
    return out.append("\"}}").toString().getBytes(UTF_8);
  }

  private static String message(Reply.Taken taken) {
    String message = taken.message();
    if (message.length() <= MAX_MESSAGE) {
      return message;
    }
    int end =
        Character.isHighSurrogate(message.charAt(MAX_MESSAGE - 1)) ? MAX_MESSAGE - 1 : MAX_MESSAGE;
    return message.substring(0, end);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
