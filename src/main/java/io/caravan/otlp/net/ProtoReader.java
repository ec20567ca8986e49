/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the few small messages that a server answers with. Throws an unchecked exception on bytes
 * that are not protobuf; never for the telemetry itself.
 */
public final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private ProtoReader() {}

  public static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than ten bytes");
  }

  /** The bytes of a length-delimited field, not copied. */
  public static ByteBuffer bytes(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    ByteBuffer bytes = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return bytes;
  }

  /** Skips the field that {@code key} begins. */
  public static void skip(ByteBuffer in, long key) {
    switch ((int) (key & 7)) {
      case VARINT -> varint(in);
      case FIXED64 -> in.position(in.position() + 8);
      case LENGTH -> bytes(in);
      case FIXED32 -> in.position(in.position() + 4);
      default -> throw new IllegalArgumentException("a wire type that has no length");
    }
  }

  public static String utf8(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
