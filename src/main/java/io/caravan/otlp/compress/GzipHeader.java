/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.nio.ByteBuffer;

/** The header of a gzip member (RFC 1952, section 2.3). */
final class GzipHeader {
  static final int TRAILER = 8;
  static final short MAGIC = 0x1f8b;

  private static final int LENGTH = 10;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  private GzipHeader() {}

  static void skip(ByteBuffer in) throws CorruptDataException {
    if (in.remaining() < LENGTH + TRAILER || in.getShort() != MAGIC || in.get() != 8) {
      throw new CorruptDataException("no gzip header");
    }
    int flags = in.get();
    in.position(in.position() + 6);
    if ((flags & FEXTRA) != 0) {
      int length = (require(in, 2).get() & 0xff) | ((in.get() & 0xff) << 8);
      require(in, length).position(in.position() + length);
    }
    if ((flags & FNAME) != 0) {
      skipText(in);
    }
    if ((flags & FCOMMENT) != 0) {
      skipText(in);
    }
    if ((flags & FHCRC) != 0) {
      require(in, 2).position(in.position() + 2);
    }
  }

  private static void skipText(ByteBuffer in) throws CorruptDataException {
    while (require(in, 1).get() != 0) {
      // up to and including the zero byte
    }
  }

  private static ByteBuffer require(ByteBuffer in, int bytes) throws CorruptDataException {
    if (in.remaining() < bytes) {
      throw new CorruptDataException("the header ends too early");
    }
    return in;
  }
}
