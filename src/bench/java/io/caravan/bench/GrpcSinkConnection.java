/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/** One OTLP/gRPC connection of the sink: counts what arrives and answers every request with OK. */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class GrpcSinkConnection extends FrameReader {

  private static final int WINDOW = 16 << 20;
  private static final Http2Headers HEADERS =
      new DefaultHttp2Headers().status("200").add("content-type", "application/grpc");
  private static final Http2Headers TRAILERS = new DefaultHttp2Headers().add("grpc-status", "0");

  private final Backend backend;
  private final IntObjectMap<BodyCounter> messages = new IntObjectHashMap<>();
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private int unacknowledged;

  GrpcSinkConnection(Backend backend) {
    super(Http2.prefaceLength());
    this.backend = backend;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(Http2.openWindows(WINDOW), context.voidPromise());
  }

  @Override
  void data(ChannelHandlerContext context, int stream, ByteBuf bytes, int length) {
    BodyCounter message = messages.get(stream);
    if (message == null) {
      throw new IllegalStateException("DATA on stream " + stream + ", which is not open");
    }
    message.read(bytes, length);
    unacknowledged += length;
    if (unacknowledged >= WINDOW / 2) {
      ByteBuf out = context.alloc().buffer(Http2.FRAME_HEADER + Integer.BYTES);
      Http2.windowUpdate(out, 0, unacknowledged);
      context.write(out, context.voidPromise());
      unacknowledged = 0;
    }
  }

  @Override
  void ended(ChannelHandlerContext context, int stream) {
    BodyCounter message = messages.get(stream);
    if (message == null) {
      throw new IllegalStateException("a request without a message");
    }
    Content content = message.end();
    backend.answer(content, context.executor(), () -> answer(context, stream));
  }

  /** Returns whether the client still waited for it. */
  private boolean answer(ChannelHandlerContext context, int stream) {
    if (messages.remove(stream) == null) {
      return false;
    }
    ByteBuf out = context.alloc().buffer(128);
    headersFrame(out, stream, HEADERS, Http2.END_HEADERS);
    Http2.frameHeader(out, 5, Http2.DATA, 0, stream);
    out.writeZero(5);
    headersFrame(out, stream, TRAILERS, Http2.END_HEADERS | Http2.END_STREAM);
    context.write(out, context.voidPromise());
    if (backend.isSlow()) {
      context.flush();
    }
    return true;
  }

  private void headersFrame(ByteBuf out, int stream, Http2Headers headers, int flags) {
    int start = out.writerIndex();
    Http2.frameHeader(out, 0, Http2.HEADERS, flags, stream);
    try {
      encoder.encodeHeaders(stream, headers, out);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    out.setMedium(start, out.writerIndex() - start - Http2.FRAME_HEADER);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  void headers(ChannelHandlerContext context, int stream, ByteBuf block) {
    // Whatever is asked is answered with OK, so the request's headers are not even decoded.
    messages.put(stream, backend.counter());
  }

  @Override
  void settings(ChannelHandlerContext context, ByteBuf payload) {
    // The answers are smaller than any window, and use no more of the header table than the
    // default.
  }

  @Override
  void windowUpdate(ChannelHandlerContext context, int stream, int increment) {
    // As for settings.
  }

  @Override
  void reset(ChannelHandlerContext context, int stream) {
    BodyCounter message = messages.remove(stream);
    if (message != null) {
      message.discard();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    messages.values().forEach(BodyCounter::discard);
    messages.clear();
  }

  @Override
  void goAway(ChannelHandlerContext context, String reason) {
    // The client closes the connection next.
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("sink: " + cause);
    context.close();
  }
}
