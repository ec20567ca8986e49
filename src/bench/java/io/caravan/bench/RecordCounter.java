/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Counts the records of one uncompressed request while its bytes pass by, in pieces of any size and
 * without keeping any of them: it reads tags and lengths and skips the rest.
 *
 * <p>The way to a span or log record is field 1, field 2, field 2 (resource, scope, record); that
 * to a data point leads on through a metric's data, whose field depends on its kind. Not
 * thread-safe.
 */
final class RecordCounter implements BodyCounter {

  /** For each level of the way, a bit for each field that leads on. */
  private static final int[] RECORDS = {1 << 1, 1 << 2, 1 << 2};

  private static final int[] DATA_POINTS = {
    1 << 1, 1 << 2, 1 << 2, 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 11, 1 << 1
  };

  private final int[] path;
  private final int prefix;
  private final long[] ends;
  private long position;
  private long skip;
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

  /**
   * @param prefix bytes before the protobuf: 5 of a gRPC message
   */
  RecordCounter(Signal signal, int prefix) {
    this.path = signal == Signal.METRICS ? DATA_POINTS : RECORDS;
    this.prefix = prefix;
    this.ends = new long[path.length];
    this.skip = prefix;
  }

  /** Counts a whole request. */
  static Content count(Signal signal, byte[] protobuf) {
    RecordCounter counter = new RecordCounter(signal, 0);
    counter.read(Unpooled.wrappedBuffer(protobuf), protobuf.length);
    return counter.end();
  }

  @Override
  public Content end() {
    return new Content(records, position - prefix);
  }

  @Override
  public void discard() {
    // Nothing of it has been kept.
  }

  @Override
  public void read(ByteBuf bytes, int length) {
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
    boolean onPath = field < Integer.SIZE && (path[level] & 1 << field) != 0;
    if (onPath && level < path.length - 1) {
      level++;
      // The byte that ends this varint has not been counted in position yet.
      ends[level] = position - prefix + 1 + length;
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
        && position - prefix == ends[level]) {
      level--;
    }
  }
}
