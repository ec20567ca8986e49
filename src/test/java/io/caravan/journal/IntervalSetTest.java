/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalSetTest {
  private final IntervalSet set = new IntervalSet();

  @Test
  void shouldNeedOneIntervalHoweverManyNumbersComeInOrder() {
    for (long i = 0; i < 100_000; i++) {
      set.add(i);
    }
    assertThat(set.size()).isEqualTo(1);
    assertThat(set.last()).isEqualTo(99_999);
  }

  @Test
  void shouldCloseAGap() {
    set.add(1, 5);
    set.add(7, 9);
    assertThat(set.size()).isEqualTo(2);

    assertThat(set.add(6)).isTrue();

    assertThat(set.toList()).usingRecursiveComparison().isEqualTo(List.of(new long[] {1, 9}));
    assertThat(set.add(6)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldHoldTheSameNumbersAsASetOfBits(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BitSet bits = new BitSet();
    for (int i = 0; i < 2_000; i++) {
      int first = random.nextInt(1_000);
      int last = Math.min(999, first + random.nextInt(random.nextInt(3) == 0 ? 40 : 2));
      if (first == last) {
        assertThat(set.add(first)).isEqualTo(!bits.get(first));
      } else {
        set.add(first, last);
      }
      bits.set(first, last + 1);
      int from = random.nextInt(1_000);
      int to = Math.min(999, from + random.nextInt(50));
      assertThat(set.containsAll(from, to)).isEqualTo(bits.nextClearBit(from) > to);
      if (i % 100 == 0) {
        IntervalSet missing = new IntervalSet();
        missing.addMissing(from, to, set);
        for (int n = 0; n < 1_000; n++) {
          assertThat(set.contains(n)).as("%d", n).isEqualTo(bits.get(n));
          assertThat(missing.contains(n))
              .as("%d", n)
              .isEqualTo(n >= from && n <= to && !bits.get(n));
        }
      }
    }
  }
}
