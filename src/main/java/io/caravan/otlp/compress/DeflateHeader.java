/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

/**
 * The header of a deflate block with codes of its own (RFC 1951, section 3.2.7): the lengths of the
 * codes, themselves coded. Used again and again by one thread.
 */
final class DeflateHeader {
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int REPEAT = 16;
  private static final int ZEROS = 17;
  private static final int MANY_ZEROS = 18;

  private final HuffmanCode code = new HuffmanCode(19, 7);
  private final byte[] lengths = new byte[286 + 30];
  private final int[] symbols = new int[286 + 30];
  private int count;
  private int literals;
  private int distances;
  private int ordered;

  /** Prepares the header for two codes; returns its length in bits. */
  int prepare(HuffmanCode literalCode, HuffmanCode distanceCode) {
    literals = Math.max(257, used(literalCode.lengths));
    distances = Math.max(1, used(distanceCode.lengths));
    System.arraycopy(literalCode.lengths, 0, lengths, 0, literals);
    System.arraycopy(distanceCode.lengths, 0, lengths, literals, distances);
    code.clear();
    count = 0;
    int end = literals + distances;
    for (int at = 0; at < end; ) {
      at += next(at, end);
    }
    code.build();
    ordered = ORDER.length;
    while (ordered > 4 && code.lengths[ORDER[ordered - 1]] == 0) {
      ordered--;
    }
    int extra = 2 * code.counts[REPEAT] + 3 * code.counts[ZEROS] + 7 * code.counts[MANY_ZEROS];
    return (int) (14 + 3 * ordered + code.cost() + extra);
  }

  private static int used(byte[] lengths) {
    int used = lengths.length;
    while (used > 0 && lengths[used - 1] == 0) {
      used--;
    }
    return used;
  }

  /** Codes the lengths from {@code at} on; returns how many of them. */
  private int next(int at, int end) {
    int same = 1;
    while (at + same < end && lengths[at + same] == lengths[at]) {
      same++;
    }
    if (lengths[at] == 0 && same >= 11) {
      int zeros = Math.min(138, same);
      return add(MANY_ZEROS, zeros - 11, zeros);
    }
    if (lengths[at] == 0 && same >= 3) {
      return add(ZEROS, same - 3, same);
    }
    if (at > 0 && lengths[at] == lengths[at - 1] && same >= 3) {
      int repeated = Math.min(6, same);
      return add(REPEAT, repeated - 3, repeated);
    }
    return add(lengths[at], 0, 1);
  }

  private int add(int symbol, int extra, int covered) {
    code.counts[symbol]++;
    symbols[count++] = extra << 8 | symbol;
    return covered;
  }

  /** Writes what was prepared. */
  void write(BitWriter out) {
    out.put(literals - 257, 5);
    out.put(distances - 1, 5);
    out.put(ordered - 4, 4);
    out.flush();
    for (int i = 0; i < ordered; i++) {
      out.put(code.lengths[ORDER[i]], 3);
      out.flush();
    }
    for (int i = 0; i < count; i++) {
      int symbol = symbols[i] & 0xff;
      out.put(code.codes[symbol]);
      switch (symbol) {
        case REPEAT -> out.put(symbols[i] >>> 8, 2);
        case ZEROS -> out.put(symbols[i] >>> 8, 3);
        case MANY_ZEROS -> out.put(symbols[i] >>> 8, 7);
        default -> {}
      }
      out.flush();
    }
  }
}
