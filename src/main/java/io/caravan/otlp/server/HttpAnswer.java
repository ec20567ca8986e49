/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.net.StatusMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One answer of OTLP/HTTP, whatever version of HTTP carries it. The length of the content is no
 * field: each version says it in its own way.
 */
record HttpAnswer(int status, List<Field> fields, ByteBuf content) {

  /** A header field, its name in lower case. */
  record Field(AsciiString name, String value) {}

  private static final HttpAnswer OK_PROTOBUF = ok(HttpBody.PROTOBUF, "");
  private static final HttpAnswer OK_JSON = ok(HttpBody.JSON, "{}");

  private static HttpAnswer ok(HttpBody body, String content) {
    return new HttpAnswer(
        200,
        List.of(new Field(HttpHeaderNames.CONTENT_TYPE, body.contentType())),
        content(content.getBytes(UTF_8)));
  }

  private static ByteBuf content(byte[] bytes) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes).asReadOnly());
  }

  /** A response message without fields: {@code partial_success} is unset. */
  static HttpAnswer success(HttpBody body) {
    return switch (body) {
      case PROTOBUF -> OK_PROTOBUF;
      case JSON -> OK_JSON;
    };
  }

  /** A response message with {@code partial_success}. */
  static HttpAnswer success(HttpBody body, byte[] message) {
    return new HttpAnswer(200, success(body).fields(), Unpooled.wrappedBuffer(message));
  }

  /** An answer with a {@code google.rpc.Status} in the request's encoding. */
  static HttpAnswer failure(HttpCall.Refusal refusal, HttpBody body) {
    OtlpStatus status = refusal.status();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(HttpHeaderNames.CONTENT_TYPE, body.contentType()));
    fields.addAll(refusal.fields());
    Duration delay = status.retryAfter();
    if (delay != null) {
      // Whole seconds only; rounded up, because earlier is not wanted.
      long seconds = delay.plusNanos(999_999_999).toSeconds();
      fields.add(new Field(HttpHeaderNames.RETRY_AFTER, Long.toString(Math.max(1, seconds))));
    }
    byte[] content =
        switch (body) {
          case PROTOBUF -> StatusMessage.encode(status);
          case JSON -> json(status).getBytes(UTF_8);
        };
    return new HttpAnswer(
        refusal.httpStatus(), List.copyOf(fields), Unpooled.wrappedBuffer(content));
  }

  HttpAnswer with(List<Field> more) {
    return more.isEmpty()
        ? this
        : new HttpAnswer(status, Stream.concat(fields.stream(), more.stream()).toList(), content);
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
