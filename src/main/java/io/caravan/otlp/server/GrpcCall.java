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
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One unary call as it arrives: a prefix of five bytes (compressed or not, length) and a message,
 * in parts of any size.
 */
final class GrpcCall implements Http2Call {
  private static final int PREFIX = 5;

  private final Http2Stream stream;
  private final Signal signal;
  private final Compression compression;
  private final SenderDeadline deadline;
  private final Reception reception;
  private final long startedNanos = System.nanoTime();
  private int prefixRead;
  private boolean compressed;
  private int length;
  private @Nullable ArrivingBody message;

  GrpcCall(
      Http2Stream stream,
      Signal signal,
      Compression compression,
      SenderDeadline deadline,
      Reception reception) {
    this.stream = stream;
    this.signal = signal;
    this.compression = compression;
    this.deadline = deadline;
    this.reception = reception;
  }

  @Override
  public Http2Stream stream() {
    return stream;
  }

  @Override
  public Protocol protocol() {
    return Protocol.GRPC;
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public SenderDeadline deadline() {
    return deadline;
  }

  @Override
  public void read(ByteBuf data, ChannelHandlerContext ctx) throws OtlpStatusException {
    while (prefixRead < PREFIX && data.isReadable()) {
      readPrefix(data.readUnsignedByte());
    }
    if (prefixRead < PREFIX) {
      return;
    }
    ArrivingBody arriving = message;
    if (arriving == null) {
      checkPrefix(reception.settings().maxRequestSize());
      arriving = reception.begin(ctx, length);
      message = arriving;
    }
    if (data.readableBytes() > length - arriving.size()) {
      throw Requests.invalid("More than one message in a unary call.");
    }
    arriving.append(data);
  }

  private void readPrefix(int octet) throws OtlpStatusException {
    if (prefixRead == 0) {
      if (octet > 1) {
        throw Requests.invalid("The message's compressed flag is " + octet + ", not 0 or 1.");
      }
      compressed = octet == 1;
    } else {
      length = length << 8 | octet;
    }
    prefixRead++;
  }

  private void checkPrefix(int limit) throws OtlpStatusException {
    if (length < 0 || length > limit) {
      throw new OtlpStatusException(Requests.tooLarge(limit));
    }
    if (compressed && compression == Compression.NONE) {
      throw new OtlpStatusException(
          OtlpStatus.of(
              GrpcCode.INTERNAL,
              "The message is compressed, but the call names no grpc-encoding."));
    }
  }

  @Override
  public OtlpBatch finish(ChannelHandlerContext ctx) throws OtlpStatusException {
    ArrivingBody arrived = message;
    if (arrived == null) {
      throw Requests.invalid("The call ended before its message.");
    }
    if (arrived.size() < length) {
      throw Requests.invalid("The call ended in the middle of its message.");
    }
    return arrived.finish(signal, compressed ? compression : Compression.NONE, HttpBody.PROTOBUF);
  }

  @Override
  public void discard() {
    if (message != null) {
      message.discard();
    }
  }

  @Override
  public void write(Http2Answers answers, Reply reply) {
    switch (reply) {
      case Reply.Taken taken when taken.equals(Reply.Taken.WHOLLY) -> answers.grpcOk(stream);
      case Reply.Taken taken -> answers.grpcOk(stream, PartialSuccess.protobuf(taken));
      case Reply.Declined(OtlpStatus status) ->
          answers.headers(stream, GrpcHeaders.failure(status));
    }
  }
}
