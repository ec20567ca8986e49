/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuffmanCodeTest {

  /** Counts like Fibonacci numbers make the deepest trees there are. */
  private static int[] deepest(int symbols) {
    int[] counts = new int[symbols];
    counts[0] = 1;
    counts[1] = 1;
    for (int i = 2; i < symbols; i++) {
      counts[i] = Math.min(1 << 28, counts[i - 1] + counts[i - 2]);
    }
    return counts;
  }

  private static void assertThatItDecodes(HuffmanCode code, int limit) {
    double space = 0;
    Set<Integer> codes = new HashSet<>();
    int used = 0;
    for (int symbol = 0; symbol < code.counts.length; symbol++) {
      int length = code.lengths[symbol];
      assertThat(length > 0).as("symbol %d has a code", symbol).isEqualTo(code.counts[symbol] > 0);
      if (length > 0) {
        used++;
        space += Math.scalb(1.0, -length);
        assertThat(length).isLessThanOrEqualTo(limit);
        assertThat(code.codes[symbol] & 15).isEqualTo(length);
        assertThat(codes.add(code.codes[symbol])).as("code %d is its own", symbol).isTrue();
      }
    }
    assertThat(space).as("a complete code").isEqualTo(used == 0 ? 0 : used == 1 ? 0.5 : 1.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 15})
  void shouldKeepToTheLimitWithTheDeepestTree(int limit) {
    for (int symbols = 2; symbols <= 60; symbols++) {
      HuffmanCode code = new HuffmanCode(symbols, limit);
      System.arraycopy(deepest(symbols), 0, code.counts, 0, symbols);

      code.build();

      assertThatItDecodes(code, limit);
    }
  }

  @Test
  void shouldMakeACompleteCodeOfAnyCounts() {
    Random random = new Random(2);
    HuffmanCode code = new HuffmanCode(286, 15);
    for (int round = 0; round < 500; round++) {
      code.clear();
      for (int i = random.nextInt(287); i > 0; i--) {
        code.counts[random.nextInt(286)] = 1 << random.nextInt(20);
      }

      code.build();

      assertThatItDecodes(code, 15);
    }
  }

  @Test
  void shouldGiveTheShortestCodesToTheMostFrequentSymbols() {
    HuffmanCode code = new HuffmanCode(4, 15);
    System.arraycopy(new int[] {1, 8, 2, 1}, 0, code.counts, 0, 4);

    code.build();

    assertThat(code.lengths).containsExactly(3, 1, 2, 3);
    assertThat(code.cost()).isEqualTo(8 + 2 * 2 + 3 + 3);
  }
}
