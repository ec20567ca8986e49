/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.net.StatusMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a gRPC server says in headers, built once where it is always the same. */
final class GrpcHeaders {
  static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");

  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
  private static final AsciiString ACCEPTED =
      AsciiString.cached(String.join(",", CompressionNames.GRPC.accepted()));
  private static final AsciiString OK = AsciiString.cached("200");

  /** The longest message that is sent: header lists are bounded on the other side, too. */
  private static final int MAX_MESSAGE = 1024;

  static final Http2Headers RESPONSE =
      ReadOnlyHttp2Headers.serverHeaders(false, OK, CONTENT_TYPE, GRPC, ACCEPT_ENCODING, ACCEPTED);
  static final Http2Headers TRAILERS_OK =
      ReadOnlyHttp2Headers.trailers(false, STATUS, AsciiString.cached("0"));

  /** A response without fields: {@code partial_success} is unset. */
  static final ByteBuf EMPTY_MESSAGE =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(5).writeZero(5)).asReadOnly();

  private static final Map<AsciiString, Signal> PATHS =
      Map.of(
          AsciiString.cached(Signal.TRACES.grpcPath()), Signal.TRACES,
          AsciiString.cached(Signal.METRICS.grpcPath()), Signal.METRICS,
          AsciiString.cached(Signal.LOGS.grpcPath()), Signal.LOGS);

  private GrpcHeaders() {}

  /** The headers of an answer that has no message ("Trailers-Only"). */
  static Http2Headers failure(OtlpStatus status) {
    String text =
        status.message().length() > MAX_MESSAGE
            ? status.message().substring(0, MAX_MESSAGE)
            : status.message();
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .status(OK)
            .set(CONTENT_TYPE, GRPC)
            .set(ACCEPT_ENCODING, ACCEPTED)
            .set(STATUS, Integer.toString(status.code().number()))
            .set(MESSAGE, percentEncode(text));
    if (status.retryAfter() != null) {
      byte[] details =
          StatusMessage.encode(new OtlpStatus(status.code(), text, status.retryAfter()));
      headers.set(DETAILS, Base64.getEncoder().withoutPadding().encodeToString(details));
    }
    return headers;
  }

  /** A request that is not gRPC gets an HTTP status, as the protocol of gRPC says. */
  static Http2Headers notGrpc() {
    return new DefaultHttp2Headers(false)
        .status("415")
        .set(STATUS, Integer.toString(GrpcCode.INTERNAL.number()))
        .set(MESSAGE, "the content-type is not application/grpc");
  }

  /** The signal whose export method that path is; null for any other method. */
  static @Nullable Signal signal(@Nullable CharSequence path) {
    return path == null ? null : PATHS.get(AsciiString.of(path));
  }

  static boolean isGrpc(Http2Headers headers) {
    CharSequence type = headers.get(CONTENT_TYPE);
    return type != null && AsciiString.of(type).startsWith(GRPC) && isBoundary(type);
  }

  private static boolean isBoundary(CharSequence type) {
    return type.length() == GRPC.length()
        || type.charAt(GRPC.length()) == '+'
        || type.charAt(GRPC.length()) == ';';
  }

  /** Percent-encoding of gRPC: all bytes but printable ASCII, and the percent sign. */
  private static String percentEncode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return out.toString();
  }
}
