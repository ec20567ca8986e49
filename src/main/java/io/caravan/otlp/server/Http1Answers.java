/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Answers as the bytes of HTTP/1.1; those that say yes are built once. */
final class Http1Answers {
  private static final ByteBuf CONTINUE = fixed("HTTP/1.1 100 Continue\r\n\r\n");
  private static final ByteBuf OK_PROTOBUF =
      fixed(text(HttpAnswer.success(HttpBody.PROTOBUF), Connection.KEEP));
  private static final ByteBuf OK_JSON =
      fixed(text(HttpAnswer.success(HttpBody.JSON), Connection.KEEP) + "{}");

  private Http1Answers() {}

  /** Whether the connection goes on after an answer. */
  enum Connection {
    KEEP,
    CLOSE
  }

  private static ByteBuf fixed(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII)).asReadOnly());
  }

  static ByteBuf goOn() {
    return CONTINUE.duplicate();
  }

  static ByteBuf bytes(HttpAnswer answer, Connection connection, ByteBufAllocator allocator) {
    if (connection == Connection.KEEP) {
      if (answer.equals(HttpAnswer.success(HttpBody.PROTOBUF))) {
        return OK_PROTOBUF.duplicate();
      }
      if (answer.equals(HttpAnswer.success(HttpBody.JSON))) {
        return OK_JSON.duplicate();
      }
    }
    String head = text(answer, connection);
    return allocator
        .directBuffer(head.length() + answer.content().readableBytes())
        .writeBytes(head.getBytes(US_ASCII))
        .writeBytes(answer.content().duplicate());
  }

  private static String text(HttpAnswer answer, Connection connection) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(HttpResponseStatus.valueOf(answer.status())).append("\r\n");
    for (HttpAnswer.Field field : answer.fields()) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
      head.append("content-length: ").append(answer.content().readableBytes()).append("\r\n");
    }
    if (connection == Connection.CLOSE) {
      head.append("connection: close\r\n");
    }
    return head.append("\r\n").toString();
  }
}
