/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;

/** A request of OTLP/HTTP that has a stream of HTTP/2 to itself. */
final class HttpStreamCall implements Http2Call {
  private final Http2Stream stream;
  private final HttpCall call;
  private final List<HttpAnswer.Field> fields;

  /**
   * @param fields that every answer carries
   */
  HttpStreamCall(Http2Stream stream, HttpCall call, List<HttpAnswer.Field> fields) {
    this.stream = stream;
    this.call = call;
    this.fields = fields;
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
  public SenderDeadline deadline() {
    return call.deadline();
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
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public void write(Http2Answers answers, Reply reply) {
    HttpAnswer answer =
        switch (reply) {
          case Reply.Taken taken -> call.success(taken);
          case Reply.Declined(OtlpStatus status) ->
              HttpAnswer.failure(Refusal.of(status), call.body());
        };
    answers.http(stream, answer.with(fields));
  }

  @Override
  public void writeTooSlow(Http2Answers answers, OtlpStatus status) {
    Refusal refusal = new Refusal(408, status);
    answers.http(stream, HttpAnswer.failure(refusal, call.body()).with(fields));
  }
}
