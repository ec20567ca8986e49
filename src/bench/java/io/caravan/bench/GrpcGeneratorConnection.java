/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One OTLP/gRPC connection of the generator. All of it runs on the connection's event loop. */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class GrpcGeneratorConnection extends FrameReader {

  private static final int WINDOW = 1 << 20;

  private final Consumer<Request> whenAnswered;
  private final Http2Headers headers;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final IntObjectMap<Http2Request> open = new IntObjectHashMap<>();
  private final List<Http2Request> unwritten = new ArrayList<>();
  private @Nullable Channel channel;
  private long window = Http2.DEFAULT_WINDOW;
  private int streamWindow = Http2.DEFAULT_WINDOW;
  private int nextStream = 1;
  private int unacknowledged;

  GrpcGeneratorConnection(
      String authority, Signal signal, BodyEncoding encoding, Consumer<Request> whenAnswered) {
    super(0);
    this.whenAnswered = whenAnswered;
    this.headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .path(signal.grpcPath())
            .authority(authority)
            .add("te", "trailers")
            .add("content-type", "application/grpc")
            .add("user-agent", "caravan-bench");
    if (encoding != BodyEncoding.NONE) {
      headers.add("grpc-encoding", encoding.word());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context.channel();
    context.write(Http2.preface(), context.voidPromise());
    context.writeAndFlush(Http2.openWindows(WINDOW), context.voidPromise());
  }

  void send(Http2Request request) {
    Channel to = channel;
    if (to == null || !to.isActive()) {
      request.answer = Answer.NONE;
      request.status = "not connected";
      whenAnswered.accept(request);
      return;
    }
    int stream = nextStream;
    nextStream += 2;
    request.begin(stream, streamWindow);
    open.put(stream, request);
    ByteBuf head = to.alloc().buffer(256);
    Http2.frameHeader(head, 0, Http2.HEADERS, Http2.END_HEADERS, stream);
    try {
      encoder.encodeHeaders(stream, headers, head);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    head.setMedium(0, head.readableBytes() - Http2.FRAME_HEADER);
    to.write(head, to.voidPromise());
    unwritten.add(request);
    write(to);
    to.flush();
  }

  private void write(Channel to) {
    for (Iterator<Http2Request> requests = unwritten.iterator(); requests.hasNext(); ) {
      Http2Request request = requests.next();
      ByteBuf frames = request.take(window);
      if (frames.isReadable()) {
        int count =
            -Math.floorDiv(-frames.readableBytes(), Http2.FRAME_HEADER + Http2.FRAME_PAYLOAD);
        window -= frames.readableBytes() - (long) count * Http2.FRAME_HEADER;
        ChannelPromise promise = to.newPromise();
        to.write(frames, promise);
        request.written(promise);
      } else {
        frames.release();
      }
      if (request.isWritten()) {
        requests.remove();
      }
    }
  }

  @Override
  void windowUpdate(ChannelHandlerContext context, int stream, int increment) {
    if (stream == 0) {
      window += increment;
    } else {
      Http2Request request = open.get(stream);
      if (request != null) {
        request.window += increment;
      }
    }
    if (!unwritten.isEmpty()) {
      write(context.channel());
    }
  }

  @Override
  void settings(ChannelHandlerContext context, ByteBuf payload) {
    while (payload.isReadable()) {
      int setting = payload.readUnsignedShort();
      long value = payload.readUnsignedInt();
      if (setting == Http2.SETTING_INITIAL_WINDOW) {
        int change = (int) value - streamWindow;
        streamWindow = (int) value;
        open.values().forEach(request -> request.window += change);
      } else if (setting == Http2.SETTING_HEADER_TABLE_SIZE && value < 4096) {
        try {
          encoder.configuration().maxHeaderTableSize(value);
        } catch (Http2Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
    write(context.channel());
  }

  @Override
  void headers(ChannelHandlerContext context, int stream, ByteBuf block) {
    try {
      Http2Headers received = decoder.decodeHeaders(stream, block);
      CharSequence status = received.get("grpc-status");
      Http2Request request = open.get(stream);
      if (status != null && request != null) {
        answered(request, status, received.get("grpc-status-details-bin"));
      }
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answered(
      Request request, CharSequence status, @Nullable CharSequence details) {
    request.status = status.toString();
    if (request.status.equals("0")) {
      request.answer = Answer.ACCEPTED;
    } else {
      request.answer = hasRetryInfo(details) ? Answer.REFUSED_FOR_NOW : Answer.REFUSED;
    }
  }

  private static boolean hasRetryInfo(@Nullable CharSequence details) {
    if (details == null) {
      return false;
    }
    byte[] status = Base64.getDecoder().decode(details.toString().replace("=", ""));
    return new String(status, StandardCharsets.ISO_8859_1).contains("google.rpc.RetryInfo");
  }

  @Override
  void data(ChannelHandlerContext context, int stream, ByteBuf bytes, int length) {
    bytes.skipBytes(length);
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
    Http2Request request = open.remove(stream);
    if (request != null) {
      unwritten.remove(request);
      request.whenFlushed(() -> whenAnswered.accept(request));
    }
  }

  @Override
  void reset(ChannelHandlerContext context, int stream) {
    ended(context, stream);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  void goAway(ChannelHandlerContext context, String reason) {
    System.err.println("generator: the server says go away: " + reason);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    List<Request> failed = List.<Request>copyOf(open.values());
    open.clear();
    unwritten.clear();
    failed.forEach(whenAnswered);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("generator: " + cause);
    context.close();
  }
}
