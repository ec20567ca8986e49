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
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Stream;

/** One request on a stream of HTTP/2. Only on the connection's event loop. */
sealed interface Http2Call permits GrpcCall, HttpStreamCall {

  Http2Stream stream();

  Protocol protocol();

  /** When its head had arrived, by {@link System#nanoTime}. */
  long startedNanos();

  /** Until when its sender waits for the answer. */
  SenderDeadline deadline();

  /** Takes a part of the body, which stays the caller's. */
  void read(ByteBuf data, ChannelHandlerContext ctx) throws OtlpStatusException;

  /** The batch of a request whose last part was read. */
  OtlpBatch finish(ChannelHandlerContext ctx) throws OtlpStatusException;

  /** Drops what has arrived; the request is answered or gone. */
  void discard();

  /** Writes the answer. */
  void write(Http2Answers answers, Reply reply);

  /** Writes the answer to a request that did not become whole in time. */
  default void writeTooSlow(Http2Answers answers, OtlpStatus status) {
    write(answers, new Reply.Declined(status));
  }
}
