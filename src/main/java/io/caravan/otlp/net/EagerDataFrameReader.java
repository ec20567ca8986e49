/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Hands the bytes of a DATA frame on as they arrive, instead of waiting for the whole frame.
 *
 * <p>Netty's reader waits, and its decoder copies every byte that follows an incomplete frame into
 * a larger buffer. Here a read of the socket ends inside a DATA frame without a rest, so that a
 * message is copied once, from the read to its own buffer, and frames may be large. All other
 * frames, and padded DATA, go to Netty's reader one at a time.
 */
final class EagerDataFrameReader implements Http2FrameReader {
  private final Http2FrameReader whole;
  private int streamId;
  private int dataLeft;
  private boolean endOfStream;
  private boolean insideData;
  private boolean insideHeaderBlock;
  private boolean failed;

  EagerDataFrameReader(Http2FrameReader whole) {
    this.whole = whole;
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    if (failed) {
      input.skipBytes(input.readableBytes());
      return;
    }
    try {
      while (input.isReadable()
          && (insideData ? readData(ctx, input, listener) : readNext(ctx, input, listener))) {
        // one frame, or one part of a DATA frame, each time
      }
    } catch (Http2Exception e) {
      failed = !Http2Exception.isStreamError(e);
      throw e;
    }
  }

  private boolean readNext(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    if (input.readableBytes() < FRAME_HEADER_LENGTH) {
      return false;
    }
    int start = input.readerIndex();
    int length = input.getUnsignedMedium(start);
    byte type = input.getByte(start + 3);
    Http2Flags flags = new Http2Flags(input.getUnsignedByte(start + 4));
    boolean tooLong = length > configuration().frameSizePolicy().maxFrameSize();
    if (type == Http2FrameTypes.DATA
        && length > 0
        && !flags.paddingPresent()
        && !insideHeaderBlock
        && !tooLong) {
      streamId = input.getInt(start + 5) & Integer.MAX_VALUE;
      dataLeft = length;
      endOfStream = flags.endOfStream();
      insideData = streamId != 0;
      if (insideData) {
        input.skipBytes(FRAME_HEADER_LENGTH);
        return true;
      }
    }
    int frame = FRAME_HEADER_LENGTH + length;
    if (!tooLong && input.readableBytes() < frame) {
      return false;
    }
    if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
      insideHeaderBlock = !flags.endOfHeaders();
    }
    // A frame that is too long is refused by its header alone.
    whole.readFrame(ctx, input.readSlice(tooLong ? FRAME_HEADER_LENGTH : frame), listener);
    return true;
  }

  private boolean readData(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    int part = Math.min(dataLeft, input.readableBytes());
    dataLeft -= part;
    insideData = dataLeft > 0;
    listener.onDataRead(ctx, streamId, input.readSlice(part), 0, endOfStream && dataLeft == 0);
    return true;
  }

  @Override
  public Configuration configuration() {
    return whole.configuration();
  }

  @Override
  public void close() {
    whole.close();
  }
}
