/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.net.HttpStatuses;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** A request of OTLP/HTTP that has a stream of HTTP/2 to itself. */
final class HttpStreamCall implements Http2Call {
  private final Http2Stream stream;
  private final HttpCall call;

  HttpStreamCall(Http2Stream stream, HttpCall call) {
    this.stream = stream;
    this.call = call;
  }

  @Override
  public Http2Stream stream() {
    return stream;
  }

  @Override
  public long startedNanos() {
    return call.startedNanos();
  }

  @Override
  public void read(ByteBuf data, ChannelHandlerContext ctx) throws OtlpStatusException {
    call.read(data, ctx);
    Refusal refusal = call.refusal();
    if (refusal != null) {
      throw new OtlpStatusException(refusal.status());
    }
  }

  @Override
  public OtlpBatch finish(ChannelHandlerContext ctx) throws OtlpStatusException {
    return call.finish(ctx);
  }

  @Override
  public void discard() {
    call.discard();
  }

  @Override
  public void write(Http2Answers answers, @Nullable OtlpStatus failure) {
    answers.http(
        stream,
        failure == null
            ? HttpAnswer.success(call.body())
            : HttpAnswer.failure(new Refusal(HttpStatuses.of(failure), failure), call.body()));
  }

  @Override
  public void writeTooSlow(Http2Answers answers, OtlpStatus status) {
    answers.http(stream, HttpAnswer.failure(new Refusal(408, status), call.body()));
  }
}
