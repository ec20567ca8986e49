/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.net.Gathering;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
  private final Arriving.Share share;
  private final long startedNanos = System.nanoTime();
  private int prefixRead;
  private boolean compressed;
  private int length;
  private @Nullable ByteBuf message;

  GrpcCall(Http2Stream stream, Signal signal, Compression compression, Arriving.Share share) {
    this.stream = stream;
    this.signal = signal;
    this.compression = compression;
    this.share = share;
  }

  @Override
  public Http2Stream stream() {
    return stream;
  }

  @Override
  public long startedNanos() {
    return startedNanos;
  }

  @Override
  public void read(ByteBuf data, int limit, ByteBufAllocator allocator) throws OtlpStatusException {
    while (prefixRead < PREFIX && data.isReadable()) {
      readPrefix(data.readUnsignedByte());
    }
    if (prefixRead < PREFIX) {
      return;
    }
    ByteBuf gathered = message;
    if (gathered == null) {
      checkPrefix(limit);
      gathered = Gathering.allocate(allocator, length);
      message = gathered;
    }
    if (data.readableBytes() > length - gathered.readableBytes()) {
      throw Requests.invalid("More than one message in a unary call.");
    }
    Gathering.append(gathered, data);
    share.holds(gathered);
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
  public OtlpBatch finish(int limit, ByteBufAllocator allocator) throws OtlpStatusException {
    ByteBuf gathered = message;
    message = null;
    share.release();
    if (gathered == null) {
      throw Requests.invalid("The call ended before its message.");
    }
    if (gathered.readableBytes() < length) {
      gathered.release();
      throw Requests.invalid("The call ended in the middle of its message.");
    }
    return Requests.index(
        signal,
        Requests.decompress(
            compressed ? compression : Compression.NONE, gathered, limit, allocator));
  }

  @Override
  public void discard() {
    ByteBuf gathered = message;
    message = null;
    share.release();
    if (gathered != null) {
      gathered.release();
    }
  }

  @Override
  public void write(Http2Answers answers, @Nullable OtlpStatus failure) {
    if (failure == null) {
      answers.grpcOk(stream);
    } else {
      answers.headers(stream, GrpcHeaders.failure(failure));
    }
  }
}
