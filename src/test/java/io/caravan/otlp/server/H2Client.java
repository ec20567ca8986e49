/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of HTTP/2 in plaintext with prior knowledge, on Netty's own stream channels. */
final class H2Client implements AutoCloseable {
  private final EventLoopGroup loop = new NioEventLoopGroup(1);
  private final Channel channel;

  /** What came back. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(Http2Headers headers, byte[] body, boolean continued) {
    int status() {
      return Integer.parseInt(headers.status().toString());
    }

    String header(String name) {
      return String.valueOf(headers.get(name));
    }
  }

  private H2Client(int port) throws InterruptedException {
    channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(Http2FrameCodecBuilder.forClient().build())
                        .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
  }

  static H2Client connect(int port) throws InterruptedException {
    return new H2Client(port);
  }

  Answer post(String path, String type, byte[] body) throws Exception {
    return send("POST", path, type, body);
  }

  Answer send(String method, String path, String type, byte[] body) throws Exception {
    return exchange(head(method, path, type), sending(body), false);
  }

  /** A request whose body does not come. */
  Answer postHead(String path, String type) throws Exception {
    return exchange(head("POST", path, type), stream -> {}, false);
  }

  Answer postAfterContinue(String path, byte[] body) throws Exception {
    Http2Headers head = head("POST", path, "application/x-protobuf").add("expect", "100-continue");
    return exchange(head, sending(body), true);
  }

  /** A whole request that is reset before its answer. */
  void cancelled(String path, byte[] body) throws Exception {
    Http2StreamChannel stream = open(new ChannelInboundHandlerAdapter());
    stream
        .writeAndFlush(
            new DefaultHttp2HeadersFrame(head("POST", path, "application/x-protobuf"), false))
        .sync();
    stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true)).sync();
    stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).sync();
  }

  @SuppressWarnings(
      "FutureReturnValueIgnored") // the event loop may not wait; without it, no answer
  private static Consumer<Http2StreamChannel> sending(byte[] body) {
    return stream ->
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
  }

  private static Http2Headers head(String method, String path, String type) {
    return new DefaultHttp2Headers()
        .method(method)
        .scheme("http")
        .authority("x")
        .path(path)
        .add("content-type", type);
  }

  private Answer exchange(Http2Headers head, Consumer<Http2StreamChannel> body, boolean waiting)
      throws Exception {
    Answering answering = new Answering(waiting ? body : stream -> {});
    Http2StreamChannel stream = open(answering);
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, false)).sync();
    if (!waiting) {
      body.accept(stream);
    }
    return answering.answer.get(10, TimeUnit.SECONDS);
  }

  private Http2StreamChannel open(ChannelInboundHandlerAdapter handler)
      throws InterruptedException {
    return new Http2StreamChannelBootstrap(channel).handler(handler).open().sync().getNow();
  }

  private static final class Answering extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Consumer<Http2StreamChannel> onContinue;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Http2Headers headers = new DefaultHttp2Headers();
    private boolean continued;

    Answering(Consumer<Http2StreamChannel> onContinue) {
      this.onContinue = onContinue;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      boolean end = false;
      if (message instanceof Http2HeadersFrame frame) {
        if ("100".contentEquals(frame.headers().status())) {
          continued = true;
          onContinue.accept((Http2StreamChannel) ctx.channel());
        } else {
          headers = frame.headers();
          end = frame.isEndStream();
        }
      } else if (message instanceof Http2DataFrame frame) {
        body.writeBytes(ByteBufUtil.getBytes(frame.content()));
        end = frame.isEndStream();
      }
      ReferenceCountUtil.release(message);
      if (end) {
        answer.complete(new Answer(headers, body.toByteArray(), continued));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      answer.completeExceptionally(new IOException("the stream was closed without an answer"));
    }
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
