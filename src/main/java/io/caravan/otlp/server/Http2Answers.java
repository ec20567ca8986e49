/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;

/** Writes the answers of one HTTP/2 connection, without flushing. Only on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
record Http2Answers(
    ChannelHandlerContext ctx, Http2ConnectionEncoder encoder, Http2LifecycleManager streams) {
  private static final Http2Headers CONTINUE =
      new DefaultHttp2Headers(false).status(HttpResponseStatus.CONTINUE.codeAsText());

  /** The message without fields: {@code partial_success} is unset. */
  void grpcOk(Http2Stream stream) {
    grpcOk(stream, GrpcHeaders.EMPTY_MESSAGE.duplicate());
  }

  void grpcOk(Http2Stream stream, byte[] message) {
    ByteBuf prefix = ctx.alloc().directBuffer(5 + message.length);
    grpcOk(stream, prefix.writeByte(0).writeInt(message.length).writeBytes(message));
  }

  private void grpcOk(Http2Stream stream, ByteBuf message) {
    int id = stream.id();
    encoder.writeHeaders(ctx, id, GrpcHeaders.RESPONSE, 0, false, ctx.newPromise());
    encoder.writeData(ctx, id, message, 0, false, ctx.newPromise());
    encoder.writeHeaders(ctx, id, GrpcHeaders.TRAILERS_OK, 0, true, ctx.newPromise());
  }

  /** An answer of headers alone. */
  void headers(Http2Stream stream, Http2Headers headers) {
    encoder
        .writeHeaders(ctx, stream.id(), headers, 0, true, ctx.newPromise())
        .addListener(_ -> stopReading(stream));
  }

  void http(Http2Stream stream, HttpAnswer answer) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.status(Integer.toString(answer.status()));
    answer.fields().forEach(field -> headers.add(field.name(), field.value()));
    if (!answer.content().isReadable()) {
      headers(stream, headers);
      return;
    }
    encoder.writeHeaders(ctx, stream.id(), headers, 0, false, ctx.newPromise());
    encoder
        .writeData(ctx, stream.id(), answer.content().duplicate(), 0, true, ctx.newPromise())
        .addListener(_ -> stopReading(stream));
  }

  /** Asks for the body of a client that waits for it. */
  void goOn(Http2Stream stream) {
    encoder.writeHeaders(ctx, stream.id(), CONTINUE, 0, false, ctx.newPromise());
  }

  /**
   * What is left of a request is of no use: NO_ERROR asks the client not to send it. On a turn of
   * its own, because the answer is being written.
   */
  private void stopReading(Http2Stream stream) {
    if (stream.state().remoteSideOpen()) {
      ctx.executor()
          .execute(
              () -> {
                streams.resetStream(ctx, stream.id(), Http2Error.NO_ERROR.code(), ctx.newPromise());
                ctx.flush();
              });
    }
  }
}
