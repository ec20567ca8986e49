/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.caravan.otlp.server.HttpPolicy.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides by the head of a request over HTTP/2 what it is, and refuses what it may not be. */
record Http2Heads(Reception reception, HttpPolicy policy, Protocol port) {

  /** The call that begins; null where the head alone was reason to answer. */
  @Nullable Http2Call begin(Http2Stream stream, Http2Headers headers, Http2Answers answers)
      throws Http2Exception {
    if (HttpMethod.POST.asciiName().contentEquals(headers.method())
        && GrpcHeaders.isGrpc(headers)) {
      return grpc(stream, headers, answers);
    }
    return switch (port) {
      case GRPC -> {
        answers.headers(stream, GrpcHeaders.notGrpc());
        yield null;
      }
      case HTTP -> http(stream, headers, answers);
    };
  }

  private @Nullable Http2Call grpc(Http2Stream stream, Http2Headers headers, Http2Answers answers) {
    OtlpStatus denied = reception.access().refusal(headers.get(HttpHeaderNames.AUTHORIZATION));
    if (denied != null) {
      return refused(stream, answers, denied);
    }
    Signal signal = GrpcHeaders.signal(headers.path());
    CharSequence encoding = headers.get(GrpcHeaders.ENCODING);
    Optional<Compression> compression = CompressionNames.GRPC.find(encoding);
    if (signal == null) {
      return unimplemented(stream, answers, "No such method: " + headers.path());
    }
    if (compression.isEmpty()) {
      return unimplemented(
          stream,
          answers,
          "grpc-encoding "
              + encoding
              + " is not supported; use one of "
              + String.join(", ", CompressionNames.GRPC.accepted())
              + ".");
    }
    return new GrpcCall(
        stream,
        signal,
        compression.get(),
        SenderDeadline.ofGrpc(headers.get(GrpcHeaders.TIMEOUT)),
        reception);
  }

  private @Nullable Http2Call unimplemented(
      Http2Stream stream, Http2Answers answers, String message) {
    return refused(stream, answers, OtlpStatus.of(GrpcCode.UNIMPLEMENTED, message));
  }

  private @Nullable Http2Call refused(Http2Stream stream, Http2Answers answers, OtlpStatus status) {
    reception.refusals().refused(Protocol.GRPC, status.code());
    answers.headers(stream, GrpcHeaders.failure(status));
    return null;
  }

  private @Nullable Http2Call http(Http2Stream stream, Http2Headers headers, Http2Answers answers)
      throws Http2Exception {
    HttpRequest request = HttpConversionUtil.toHttpRequest(stream.id(), headers, true);
    Verdict verdict = policy.judge(request);
    HttpAnswer preflight = verdict.preflight();
    if (preflight != null) {
      answers.http(stream, preflight);
      return null;
    }
    HttpCall call = new HttpCall(request, reception);
    Refusal refusal = verdict.refusal() == null ? call.refusal() : verdict.refusal();
    if (refusal != null) {
      reception.refusals().refused(Protocol.HTTP, refusal.status().code());
      answers.http(stream, HttpAnswer.failure(refusal, call.body()).with(verdict.fields()));
      return null;
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      answers.goOn(stream);
    }
    return new HttpStreamCall(stream, call, verdict.fields());
  }
}
