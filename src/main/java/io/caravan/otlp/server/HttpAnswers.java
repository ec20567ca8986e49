/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.net.StatusMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;

/** The answers of OTLP/HTTP as bytes; those that say yes are built once. */
final class HttpAnswers {
  private static final ByteBuf CONTINUE = fixed("HTTP/1.1 100 Continue\r\n\r\n");
  private static final ByteBuf OK_PROTOBUF = fixed(ok(HttpBody.PROTOBUF, "", ""));
  private static final ByteBuf OK_JSON = fixed(ok(HttpBody.JSON, "", "{}"));
  private static final ByteBuf OK_PROTOBUF_CLOSE =
      fixed(ok(HttpBody.PROTOBUF, "connection: close\r\n", ""));
  private static final ByteBuf OK_JSON_CLOSE =
      fixed(ok(HttpBody.JSON, "connection: close\r\n", "{}"));

  private HttpAnswers() {}

  /** Whether the connection goes on after an answer. */
  enum Connection {
    KEEP,
    CLOSE
  }

  private static String ok(HttpBody body, String connection, String content) {
    return "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n%s\r\n%s"
        .formatted(body.contentType(), content.length(), connection, content);
  }

  private static ByteBuf fixed(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII)).asReadOnly());
  }

  static ByteBuf goOn() {
    return CONTINUE.duplicate();
  }

  /** A response message without fields: {@code partial_success} is unset. */
  static ByteBuf success(HttpBody body, Connection connection) {
    return switch (body) {
      case PROTOBUF ->
          (connection == Connection.KEEP ? OK_PROTOBUF : OK_PROTOBUF_CLOSE).duplicate();
      case JSON -> (connection == Connection.KEEP ? OK_JSON : OK_JSON_CLOSE).duplicate();
    };
  }

  /** An answer with a {@code google.rpc.Status} in the request's encoding. */
  static ByteBuf failure(
      int httpStatus,
      OtlpStatus status,
      HttpBody body,
      Connection connection,
      ByteBufAllocator allocator) {
    byte[] content =
        switch (body) {
          case PROTOBUF -> StatusMessage.encode(status);
          case JSON -> json(status).getBytes(UTF_8);
        };
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(HttpResponseStatus.valueOf(httpStatus)).append("\r\n");
    header(head, "content-type", body.contentType());
    header(head, "content-length", Integer.toString(content.length));
    if (httpStatus == 405) {
      header(head, "allow", "POST");
    }
    Duration delay = status.retryAfter();
    if (delay != null) {
      // Whole seconds only; rounded up, because earlier is not wanted.
      long seconds = delay.plusNanos(999_999_999).toSeconds();
      header(head, "retry-after", Long.toString(Math.max(1, seconds)));
    }
    if (connection == Connection.CLOSE) {
      header(head, "connection", "close");
    }
    head.append("\r\n");
    return allocator
        .directBuffer(head.length() + content.length)
        .writeBytes(head.toString().getBytes(US_ASCII))
        .writeBytes(content);
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static String json(OtlpStatus status) {
    StringBuilder out = new StringBuilder("{\"code\":").append(status.code().number());
    out.append(",\"message\":\"");
    JsonStringEncoder.getInstance().quoteAsString(status.message(), out);
    out.append('"');
    Duration delay = status.retryAfter();
    if (delay != null) {
      out.append(",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",");
      out.append("\"retryDelay\":\"").append(delay.toMillis() / 1000.0).append("s\"}]");
    }
    return out.append('}').toString();
  }
}
