/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.net.StatusMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Gathers one answer of a gRPC server and turns it into the outcome of its attempt. */
final class GrpcAnswer {
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");
  private static final AsciiString OK = AsciiString.cached("0");
  private static final int PREFIX = 5;

  private final Export export;
  private final Endpoint endpoint;
  private int httpStatus;
  private boolean unseen;
  private ByteBuf message = Unpooled.EMPTY_BUFFER;

  GrpcAnswer(Export export, Endpoint endpoint) {
    this.export = export;
    this.endpoint = endpoint;
  }

  void headers(Http2Headers headers, boolean last) {
    CharSequence status = headers.status();
    if (status != null && httpStatus == 0) {
      httpStatus = AsciiString.of(status).parseInt();
    }
    if (last) {
      CharSequence code = headers.get(STATUS);
      if (code == null) {
        export.complete(
            Outcomes.ofHttpWithoutGrpc(
                httpStatus, endpoint + " answered HTTP " + httpStatus + " without a gRPC status."));
      } else if (OK.contentEquals(code)) {
        export.complete(delivered());
      } else {
        export.complete(Outcomes.ofGrpc(status(code, headers)));
      }
    }
  }

  private Outcome delivered() {
    if (message.readableBytes() <= PREFIX) {
      return Outcome.Delivered.ALL;
    }
    if (message.getByte(0) != 0) {
      return new Outcome.Delivered(
          0, "The backend's answer is compressed, which nobody asked for.");
    }
    return ExportResponse.parse(message.nioBuffer(PREFIX, message.readableBytes() - PREFIX));
  }

  private static OtlpStatus status(CharSequence code, Http2Headers headers) {
    CharSequence text = headers.get(MESSAGE);
    CharSequence details = headers.get(DETAILS);
    Duration delay = details == null ? null : delay(details);
    return new OtlpStatus(code(code), text == null ? "" : percentDecode(text.toString()), delay);
  }

  private static GrpcCode code(CharSequence number) {
    try {
      return StatusMessage.code(Integer.parseInt(number, 0, number.length(), 10));
    } catch (NumberFormatException e) {
      return GrpcCode.UNKNOWN;
    }
  }

  private static @Nullable Duration delay(CharSequence base64) {
    try {
      byte[] status = Base64.getDecoder().decode(base64.toString());
      return StatusMessage.decode(ByteBuffer.wrap(status)).retryAfter();
    } catch (IllegalArgumentException e) {
      return null; // Not base64: details are an aid.
    }
  }

  private static String percentDecode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
      if (low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(c);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Takes a part of the message; false if the answer is too large and the attempt has ended. */
  boolean data(ByteBuf part) {
    if (export.done()) {
      return true;
    }
    if (message.readableBytes() + part.readableBytes() > PREFIX + ExportResponse.MAX_SIZE) {
      release();
      export.complete(
          new Outcome.Refused(
              OtlpStatus.of(
                  GrpcCode.RESOURCE_EXHAUSTED,
                  endpoint + " answered with more than 4 MiB; the batch may have been taken.")));
      return false;
    }
    // On the heap: it is five bytes, unless something was rejected.
    if (message.capacity() == 0) {
      message = Unpooled.buffer(Math.max(PREFIX, part.readableBytes()));
    }
    message.writeBytes(part, part.readerIndex(), part.readableBytes());
    return true;
  }

  /** The backend has not seen this attempt: it goes back to the lane. */
  void unseen(GrpcLane lane) {
    release();
    unseen = true;
    lane.again(export);
  }

  /** Whether the attempt has its outcome, or has gone back to the lane. */
  boolean complete() {
    return unseen || export.done();
  }

  /** The stream ended without an answer. */
  void abort(Throwable cause) {
    abort(Outcomes.ofFailure(endpoint, cause));
  }

  void abort(Outcome outcome) {
    release();
    if (!unseen) {
      export.complete(outcome);
    }
  }

  private void release() {
    message = Unpooled.EMPTY_BUFFER;
  }
}
