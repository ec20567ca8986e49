/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** The few frames of HTTP/2 that the load generator and the sink speak (RFC 9113, section 6). */
final class Http2 {

  static final int FRAME_HEADER = 9;

  /** The frame size that every peer accepts, and that gRPC servers leave at its default. */
  static final int FRAME_PAYLOAD = 16_384;

  static final int DEFAULT_WINDOW = 65_535;

  static final byte DATA = 0;
  static final byte HEADERS = 1;
  static final byte RST_STREAM = 3;
  static final byte SETTINGS = 4;
  static final byte PING = 6;
  static final byte GO_AWAY = 7;
  static final byte WINDOW_UPDATE = 8;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITY = 0x20;

  static final int SETTING_HEADER_TABLE_SIZE = 1;
  static final int SETTING_INITIAL_WINDOW = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private Http2() {}

  /** Returns what every client sends first, before its settings. */
  static ByteBuf preface() {
    return Unpooled.copiedBuffer(PREFACE, java.nio.charset.StandardCharsets.US_ASCII);
  }

  static int prefaceLength() {
    return PREFACE.length();
  }

  static void frameHeader(ByteBuf out, int length, byte type, int flags, int stream) {
    out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  /** Returns a SETTINGS frame with a stream window, and a connection window to match. */
  static ByteBuf openWindows(int window) {
    ByteBuf out = Unpooled.buffer();
    frameHeader(out, 6, SETTINGS, 0, 0);
    out.writeShort(SETTING_INITIAL_WINDOW).writeInt(window);
    windowUpdate(out, 0, window);
    return out;
  }

  static void windowUpdate(ByteBuf out, int stream, int increment) {
    frameHeader(out, 4, WINDOW_UPDATE, 0, stream);
    out.writeInt(increment);
  }

  static ByteBuf settingsAcknowledged(ByteBufAllocator allocator) {
    ByteBuf out = allocator.buffer(FRAME_HEADER);
    frameHeader(out, 0, SETTINGS, ACK, 0);
    return out;
  }

  static ByteBuf pingAcknowledged(ByteBufAllocator allocator, long opaque) {
    ByteBuf out = allocator.buffer(FRAME_HEADER + Long.BYTES);
    frameHeader(out, Long.BYTES, PING, ACK, 0);
    return out.writeLong(opaque);
  }
}
