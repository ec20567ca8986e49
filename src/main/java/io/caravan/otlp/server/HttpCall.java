/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.net.HttpStatuses;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One HTTP request as it arrives, with what its head already decides. */
final class HttpCall {

  /** An answer that says no. */
  record Refusal(int httpStatus, OtlpStatus status, List<HttpAnswer.Field> fields) {
    Refusal(int httpStatus, OtlpStatus status) {
      this(httpStatus, status, List.of());
    }

    Refusal with(AsciiString name, String value) {
      return new Refusal(httpStatus, status, List.of(new HttpAnswer.Field(name, value)));
    }

    static Refusal of(OtlpStatus status) {
      return new Refusal(HttpStatuses.of(status), status);
    }

    /** Whether the rest of the body is not worth waiting for. */
    boolean atOnce() {
      return httpStatus == 401 || httpStatus == 413 || httpStatus == 501 || httpStatus == 503;
    }
  }

  private final HttpBody body;
  private final Optional<Compression> compression;
  private final Reception reception;
  private final boolean keepAlive;
  private final @Nullable Signal signal;
  private final long announced;
  private final long startedNanos = System.nanoTime();
  private final SenderDeadline deadline = SenderDeadline.in(SenderDeadline.DEFAULT);
  private @Nullable Refusal refusal;
  private @Nullable ArrivingBody content;

  HttpCall(HttpRequest request, Reception reception) {
    this.reception = reception;
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
    HttpBody named = HttpBody.of(type);
    // Whoever sends neither encoding is best served with the one that a person can read.
    this.body = named == null ? HttpBody.JSON : named;
    this.compression = CompressionNames.HTTP.find(encoding);
    this.keepAlive = HttpUtil.isKeepAlive(request);
    this.signal = signal(request.uri());
    // The length of a request that could not be decoded may be no number.
    this.announced =
        request.decoderResult().isSuccess() ? HttpUtil.getContentLength(request, -1L) : -1L;
    this.refusal = refusal(request, named, type, encoding, reception.settings().maxRequestSize());
  }

  private static @Nullable Signal signal(String uri) {
    int end = uri.indexOf('?');
    String path = end < 0 ? uri : uri.substring(0, end);
    for (Signal signal : Signal.values()) {
      if (signal.httpPath().equals(path)) {
        return signal;
      }
    }
    return null;
  }

  private @Nullable Refusal refusal(
      HttpRequest request,
      @Nullable HttpBody named,
      @Nullable String type,
      @Nullable String encoding,
      int limit) {
    if (!request.decoderResult().isSuccess()) {
      return new Refusal(
          400, OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "This is not an HTTP/1.1 request."));
    }
    if (OneAtATime.isCodedOddly(request)) {
      return new Refusal(
          501,
          OtlpStatus.of(GrpcCode.UNIMPLEMENTED, "Only chunked is supported as Transfer-Encoding."));
    }
    if (signal == null) {
      return new Refusal(
          404,
          OtlpStatus.of(
              GrpcCode.UNIMPLEMENTED,
              "No such path. OTLP/HTTP is served at /v1/traces, /v1/metrics and /v1/logs."));
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return new Refusal(
              405, OtlpStatus.of(GrpcCode.UNIMPLEMENTED, "Only POST is allowed on this path."))
          .with(HttpHeaderNames.ALLOW, reception.cors().methods());
    }
    if (named == null) {
      return new Refusal(
          415,
          OtlpStatus.of(
              GrpcCode.INVALID_ARGUMENT,
              "Content-Type "
                  + HttpBody.shown(type)
                  + " is not supported; use application/x-protobuf or application/json."));
    }
    if (compression.isEmpty()) {
      String accepted = String.join(", ", CompressionNames.HTTP.accepted());
      return new Refusal(
              415,
              OtlpStatus.of(
                  GrpcCode.INVALID_ARGUMENT,
                  "Content-Encoding "
                      + HttpBody.shown(encoding)
                      + " is not supported; use none or one of "
                      + accepted
                      + "."))
          .with(HttpHeaderNames.ACCEPT_ENCODING, accepted);
    }
    return announced > limit ? new Refusal(413, Requests.tooLarge(limit)) : null;
  }

  /** Takes a part of the content, which stays the caller's. */
  void read(ByteBuf part, ChannelHandlerContext ctx) {
    if (refusal != null || !part.isReadable()) {
      return;
    }
    try {
      content(ctx).append(part);
    } catch (OtlpStatusException e) {
      refuse(Refusal.of(e.status()));
    }
  }

  private ArrivingBody content(ChannelHandlerContext ctx) {
    ArrivingBody arriving = content;
    if (arriving == null) {
      arriving = reception.begin(ctx, announced);
      content = arriving;
    }
    return arriving;
  }

  void refuse(Refusal because) {
    refusal = because;
    discard();
  }

  /** The batch of a request whose last part was read, and that is not refused. */
  OtlpBatch finish(ChannelHandlerContext ctx) throws OtlpStatusException {
    return content(ctx).finish(signal(), compression.orElseThrow(), body);
  }

  void discard() {
    if (content != null) {
      content.discard();
    }
  }

  /** The answer to a batch that was taken, in the request's encoding. */
  HttpAnswer success(Reply.Taken taken) {
    if (taken.equals(Reply.Taken.WHOLLY)) {
      return HttpAnswer.success(body);
    }
    return HttpAnswer.success(
        body,
        switch (body) {
          case PROTOBUF -> PartialSuccess.protobuf(taken);
          case JSON -> PartialSuccess.json(signal(), taken);
        });
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  /** The signal that the path names; only of a request that is not refused. */
  private Signal signal() {
    Signal named = signal;
    if (named == null) {
      throw new IllegalStateException("a request without a signal is refused");
    }
    return named;
  }

  HttpBody body() {
    return body;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** Until when its sender waits for the answer, which HTTP has no header for. */
  SenderDeadline deadline() {
    return deadline;
  }
}
