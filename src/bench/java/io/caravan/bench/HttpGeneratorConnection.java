/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One OTLP/HTTP connection of the generator. All of it runs on the connection's event loop. */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpGeneratorConnection extends Http1Reader {

  private final Consumer<Request> whenAnswered;
  private @Nullable Channel channel;
  private @Nullable Request open;
  private @Nullable ChannelPromise written;

  HttpGeneratorConnection(Consumer<Request> whenAnswered) {
    this.whenAnswered = whenAnswered;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context.channel();
  }

  /**
   * Sends a request; the one before has been answered.
   *
   * @param bytes head and body, released when they are written
   */
  void send(Request request, ByteBuf bytes) {
    Channel to = channel;
    if (to == null || !to.isActive()) {
      bytes.release();
      request.status = "not connected";
      whenAnswered.accept(request);
      return;
    }
    open = request;
    ChannelPromise promise = to.newPromise();
    written = promise;
    to.writeAndFlush(bytes, promise);
  }

  @Override
  void head(ChannelHandlerContext context, String lines) {
    Request request = open;
    if (request == null) {
      throw new IllegalStateException("an answer to nothing: " + lines);
    }
    request.status = lines.substring(9, 12);
    if (request.status.equals("200")) {
      request.answer = Answer.ACCEPTED;
    } else {
      request.answer = lines.contains("\r\nretry-after:") ? Answer.REFUSED_FOR_NOW : Answer.REFUSED;
    }
  }

  @Override
  void body(ChannelHandlerContext context, ByteBuf bytes, int length) {
    bytes.skipBytes(length);
  }

  @Override
  void ended(ChannelHandlerContext context) {
    Request request = open;
    ChannelPromise promise = written;
    open = null;
    if (request == null || promise == null) {
      return;
    }
    // An answer may come before the request is out; its bytes are sent again only after that.
    if (promise.isDone()) {
      whenAnswered.accept(request);
    } else {
      promise.addListener(_ -> whenAnswered.accept(request));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Request request = open;
    open = null;
    if (request != null) {
      whenAnswered.accept(request);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("generator: " + cause);
    context.close();
  }

  /** Returns the head and the body of a request, for any number of connections to share. */
  static ByteBuf bytes(String authority, String path, BodyEncoding encoding, byte[] body) {
    StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\nhost: ");
    head.append(authority).append("\r\ncontent-type: application/x-protobuf\r\n");
    if (encoding != BodyEncoding.NONE) {
      head.append("content-encoding: ").append(encoding.word()).append("\r\n");
    }
    head.append("user-agent: caravan-bench\r\ncontent-length: ").append(body.length);
    head.append("\r\n\r\n");
    ByteBuf bytes = Unpooled.directBuffer(head.length() + body.length);
    bytes.writeCharSequence(head, java.nio.charset.StandardCharsets.US_ASCII);
    return bytes.writeBytes(body);
  }
}
