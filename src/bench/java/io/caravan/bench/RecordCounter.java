/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;

/**
 * Counts the records of one gRPC message of trace or log data while its bytes pass by, in pieces of
 * any size and without keeping any of them: it reads tags and lengths and skips the rest.
 *
 * <p>The way to a record is field 1, field 2, field 2 (resource, scope, record) in both requests.
 * Not thread-safe.
 */
final class RecordCounter {

  private static final int PREFIX = 5;
  private static final int[] PATH = {1, 2, 2};
  private static final int RECORD = PATH.length - 1;

  private final long[] ends = new long[PATH.length];
  private long position;
  private long skip = PREFIX;
  private int level;
  private Expected expected = Expected.TAG;
  private long varint;
  private int shift;
  private int field;
  private long records;

  private enum Expected {
    TAG,
    LENGTH,
    VALUE
  }

  /** Returns how many records have begun so far. */
  long records() {
    return records;
  }

  /** Reads {@code length} bytes off the buffer. */
  void read(ByteBuf bytes, int length) {
    int left = length;
    while (left > 0) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, left);
        bytes.skipBytes(skipped);
        skip -= skipped;
        left -= skipped;
        advance(skipped);
      } else {
        byte next = bytes.readByte();
        left--;
        varint |= (next & 0x7fL) << shift;
        shift += 7;
        if (next >= 0) {
          take(varint);
          varint = 0;
          shift = 0;
        }
        advance(1);
      }
    }
  }

  private void take(long value) {
    switch (expected) {
      case TAG -> tag((int) value);
      case LENGTH -> length(value);
      case VALUE -> expected = Expected.TAG;
    }
  }

  private void tag(int tag) {
    field = tag >>> 3;
    switch (tag & 7) {
      case 0 -> expected = Expected.VALUE;
      case 1 -> skip = Long.BYTES;
      case 2 -> expected = Expected.LENGTH;
      case 5 -> skip = Integer.BYTES;
      default -> throw new IllegalStateException("not an OTLP request: tag " + tag);
    }
  }

  private void length(long length) {
    expected = Expected.TAG;
    boolean onPath = field == PATH[level];
    if (onPath && level < RECORD) {
      level++;
      // The byte that ends this varint has not been counted in position yet.
      ends[level] = position - PREFIX + 1 + length;
      return;
    }
    if (onPath) {
      records++;
    }
    skip = length;
  }

  private void advance(int bytes) {
    position += bytes;
    while (level > 0
        && skip == 0
        && shift == 0
        && expected == Expected.TAG
        && position - PREFIX == ends[level]) {
      level--;
    }
  }
}
