/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.util.Arrays;

/**
 * A canonical Huffman code (RFC 1951, section 3.2.2) for the counted symbols, no code longer than a
 * limit. Used again and again by one thread.
 */
final class HuffmanCode {
  private final int limit;
  final int[] counts;
  final byte[] lengths;

  /** For each symbol its code, the first bit lowest, shifted by four, and its length below. */
  final int[] codes;

  private final long[] leaves;
  private final long[] weights;
  private final int[] parents;

  HuffmanCode(int symbols, int limit) {
    this.limit = limit;
    this.counts = new int[symbols];
    this.lengths = new byte[symbols];
    this.codes = new int[symbols];
    this.leaves = new long[symbols];
    this.weights = new long[2 * symbols];
    this.parents = new int[2 * symbols];
  }

  void clear() {
    Arrays.fill(counts, 0);
  }

  /** Makes the code for {@link #counts}. */
  void build() {
    Arrays.fill(lengths, (byte) 0);
    int used = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      if (counts[symbol] > 0) {
        leaves[used++] = (long) counts[symbol] << 32 | symbol;
      }
    }
    if (used == 1) {
      lengths[(int) leaves[0]] = 1; // a code of no bits cannot be written
    } else if (used > 1) {
      Arrays.sort(leaves, 0, used);
      assignLengths(used, lengthsOf(used));
    }
    assignCodes();
  }

  /** How many codes each length has: the depths of the tree, cut off at the limit. */
  private int[] lengthsOf(int used) {
    for (int i = 0; i < used; i++) {
      weights[i] = leaves[i] >>> 32;
    }
    // Leaves and inner nodes are both in the order of their weights: two queues make the tree.
    int leaf = 0;
    int inner = used;
    for (int next = used; next < 2 * used - 1; next++) {
      weights[next] = 0;
      for (int child = 0; child < 2; child++) {
        boolean takeLeaf = leaf < used && (inner >= next || weights[leaf] <= weights[inner]);
        int taken = takeLeaf ? leaf++ : inner++;
        weights[next] += weights[taken];
        parents[taken] = next;
      }
    }
    int[] ofLength = new int[limit + 1];
    int root = 2 * used - 2;
    weights[root] = 0; // from here on: the depth
    for (int node = root - 1; node >= 0; node--) {
      weights[node] = weights[parents[node]] + 1;
      if (node < used) {
        ofLength[(int) Math.min(limit, weights[node])]++;
      }
    }
    shorten(ofLength);
    return ofLength;
  }

  /** Where cutting off made too many codes: lengthens others until all fit again. */
  private void shorten(int[] ofLength) {
    long space = 0;
    for (int length = 1; length <= limit; length++) {
      space += (long) ofLength[length] << (limit - length);
    }
    for (; space > 1L << limit; space--) {
      ofLength[limit]--;
      int length = limit - 1;
      while (ofLength[length] == 0) {
        length--;
      }
      ofLength[length]--;
      ofLength[length + 1] += 2;
    }
  }

  private void assignLengths(int used, int[] ofLength) {
    int leaf = 0;
    for (int length = limit; length > 0; length--) {
      for (int i = 0; i < ofLength[length]; i++) {
        lengths[(int) leaves[leaf++]] = (byte) length;
      }
    }
    if (leaf != used) {
      throw new IllegalStateException(leaf + " codes for " + used + " symbols");
    }
  }

  private void assignCodes() {
    int[] next = new int[limit + 2];
    for (byte length : lengths) {
      if (length > 0) {
        next[length + 1]++;
      }
    }
    int code = 0;
    for (int length = 1; length <= limit; length++) {
      code = (code + next[length]) << 1;
      next[length] = code;
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      int length = lengths[symbol];
      if (length > 0) {
        codes[symbol] = Integer.reverse(next[length]++) >>> (32 - length) << 4 | length;
      }
    }
  }

  /** The bits that all counted symbols take. */
  long cost() {
    long bits = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      bits += (long) counts[symbol] * lengths[symbol];
    }
    return bits;
  }
}
