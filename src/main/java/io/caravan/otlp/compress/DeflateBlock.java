/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds what one deflate block repeats: sequences of literals and a match, and how often each
 * symbol occurs. Used again and again by one thread.
 *
 * <p>One candidate for each position, found by a hash of six bytes: a shorter match costs as much
 * as its literals, and telemetry is full of identifiers in which short matches are accidents.
 */
final class DeflateBlock {
  /** The most bytes of content of one block. */
  static final int SIZE = 64 << 10;

  static final int END_OF_BLOCK = 256;
  private static final int HASH_BITS = 14;
  private static final int LEAST_MATCH = 6;
  private static final int LONGEST_MATCH = 258;
  private static final int WINDOW = 32 << 10;

  /** Of 32 literals in a row and more, every second position is looked at, then every third... */
  private static final int PATIENCE = 5;

  final HuffmanCode literals = new HuffmanCode(286, 15);
  final HuffmanCode distances = new HuffmanCode(30, 15);

  private final int[] table = new int[1 << HASH_BITS];
  private final int[] runs = new int[SIZE / LEAST_MATCH + 1];
  private final int[] matches = new int[SIZE / LEAST_MATCH + 1];
  private int sequences;
  private long extraBits;

  /** Forgets the content before. */
  void reset() {
    Arrays.fill(table, -2 * WINDOW);
  }

  int sequences() {
    return sequences;
  }

  /** The bits of lengths and distances that stand behind their codes. */
  long extraBits() {
    return extraBits;
  }

  /** How many literals stand before the match. */
  int run(int sequence) {
    return runs[sequence];
  }

  int length(int sequence) {
    return matches[sequence] >>> 16;
  }

  /** The distance less one. */
  int distance(int sequence) {
    return matches[sequence] & 0xffff;
  }

  /** Looks through {@code in}, of which all before {@code start} has been looked through. */
  void find(ByteBuffer in, int start, int end) {
    sequences = 0;
    extraBits = 0;
    literals.clear();
    distances.clear();
    int anchor = start;
    int at = start;
    int last = end - Long.BYTES;
    while (at <= last) {
      long word = in.getLong(at);
      int slot = slot(word);
      int candidate = table[slot];
      table[slot] = at;
      if (at - candidate > WINDOW || ((in.getLong(candidate) ^ word) << 16) != 0) {
        at += 1 + ((at - anchor) >> PATIENCE);
        continue;
      }
      int length = matchLength(in, candidate, at, Math.min(LONGEST_MATCH, end - at));
      count(in, anchor, at);
      add(at - anchor, length, at - candidate - 1);
      at += length;
      anchor = at;
      if (at <= last) {
        table[slot(in.getLong(at - 2))] = at - 2;
      }
    }
    count(in, anchor, end);
    literals.counts[END_OF_BLOCK]++;
  }

  private static int slot(long word) {
    return (int) (((word << 16) * 0x9E3779B185EBCA87L) >>> (64 - HASH_BITS));
  }

  /** Six bytes are known to be the same. */
  private static int matchLength(ByteBuffer in, int one, int other, int most) {
    int length = LEAST_MATCH;
    while (length + Long.BYTES <= most) {
      long difference = in.getLong(one + length) ^ in.getLong(other + length);
      if (difference != 0) {
        return length + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      length += Long.BYTES;
    }
    while (length < most && in.get(one + length) == in.get(other + length)) {
      length++;
    }
    return length;
  }

  private void count(ByteBuffer in, int from, int to) {
    int[] counts = literals.counts;
    for (int i = from; i < to; i++) {
      counts[in.get(i) & 0xff]++;
    }
  }

  private void add(int run, int length, int distance) {
    runs[sequences] = run;
    matches[sequences++] = length << 16 | distance;
    literals.counts[lengthSymbol(length)]++;
    distances.counts[distanceSymbol(distance)]++;
    extraBits += lengthExtraBits(length) + distanceExtraBits(distance);
  }

  /** RFC 1951, section 3.2.5: four symbols for each power of two. */
  static int lengthSymbol(int length) {
    int value = length - 3;
    if (value < 8) {
      return 257 + value;
    }
    int power = 31 - Integer.numberOfLeadingZeros(value);
    return length == LONGEST_MATCH ? 285 : 257 + 4 * (power - 1) + (value >> (power - 2) & 3);
  }

  static int lengthExtraBits(int length) {
    int value = length - 3;
    return value < 8 || length == LONGEST_MATCH ? 0 : 29 - Integer.numberOfLeadingZeros(value);
  }

  /** Two symbols for each power of two; of the distance less one. */
  static int distanceSymbol(int distance) {
    if (distance < 4) {
      return distance;
    }
    int power = 31 - Integer.numberOfLeadingZeros(distance);
    return 2 * power + (distance >> (power - 1) & 1);
  }

  static int distanceExtraBits(int distance) {
    return distance < 4 ? 0 : 30 - Integer.numberOfLeadingZeros(distance);
  }
}
