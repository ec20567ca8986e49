/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 4",
    "4, 8",
    "5, 16",
    "6, 30",
    "7, 30",
    "64, 30",
    "2000000000, 30"
  })
  void shouldWaitAnyTimeUpToAnExponentiallyGrowingBound(int failures, int seconds) {
    Backoff backoff = new Backoff(DeliverySettings.DEFAULT.retry(), new SplittableRandom(1));
    long bound = TimeUnit.SECONDS.toNanos(seconds);
    long least = Long.MAX_VALUE;
    long most = 0;

    for (int i = 0; i < 1_000; i++) {
      long wait = backoff.nanos(failures);
      least = Math.min(least, wait);
      most = Math.max(most, wait);
    }

    assertThat(least).isBetween(0L, bound / 50);
    assertThat(most).isBetween(bound - bound / 50, bound);
  }

  @Test
  void shouldWaitForTheLongerHalfOfTheLongestTimeWhereNothingHelps() {
    Backoff backoff = new Backoff(DeliverySettings.DEFAULT.retry(), new SplittableRandom(1));

    for (int i = 0; i < 1_000; i++) {
      assertThat(Duration.ofNanos(backoff.longestNanos()))
          .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }
  }

  @Test
  void c23ShouldLetTwoClientsDiverge() {
    assertThat(waits(1)).doesNotContainAnyElementsOf(waits(2));
  }

  private static List<Long> waits(long seed) {
    Backoff backoff = new Backoff(DeliverySettings.DEFAULT.retry(), new SplittableRandom(seed));
    List<Long> waits = new ArrayList<>();
    for (int failures = 1; failures < 20; failures++) {
      waits.add(backoff.nanos(failures));
    }
    return waits;
  }
}
