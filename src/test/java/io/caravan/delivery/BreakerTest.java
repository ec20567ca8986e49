/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Breaker.Permit;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LATER = 1_000 * SECOND;

  private final Breaker breaker =
      new Breaker(new Backoff(DeliverySettings.DEFAULT.retry(), new SplittableRandom(7)), 0);

  @Test
  void shouldOpenAfterFiveFailuresInARow() {
    for (int i = 0; i < Breaker.THRESHOLD - 1; i++) {
      breaker.failed(Permit.FREE, 0, 0);
    }
    assertThat(breaker.begin(0)).isEqualTo(Permit.FREE);

    breaker.failed(Permit.FREE, 0, 0);

    assertThat(breaker.isClosed()).isFalse();
    assertThat(breaker.begin(0)).isEqualTo(Permit.REFUSED);
    assertThat(breaker.nextProbe().getAsLong()).isBetween(0L, SECOND);
  }

  @Test
  void shouldStayClosedWhileSomethingIsDeliveredInBetween() {
    for (int i = 0; i < 100; i++) {
      breaker.failed(Permit.FREE, 0, 0);
      if (i % 4 == 3) {
        breaker.succeeded(0);
      }
    }

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void shouldStayClosedWhenSomethingWasDeliveredShortlyBeforeTheFailures() {
    breaker.succeeded(0);

    fail(10 * SECOND - 1, 20);
    assertThat(breaker.isClosed()).isTrue();

    fail(10 * SECOND, 1);
    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void shouldLetOneProbeAtATimeBegin() {
    fail(0, 5);

    assertThat(breaker.begin(LATER)).isEqualTo(Permit.PROBE);
    assertThat(breaker.begin(LATER)).isEqualTo(Permit.REFUSED);
    assertThat(breaker.nextProbe()).isEmpty();
  }

  @Test
  void shouldWaitLongerAfterEachProbeThatFails() {
    fail(0, 5);
    long now = 0;
    long longest = 0;
    for (int i = 0; i < 60; i++) {
      now = breaker.nextProbe().getAsLong();
      assertThat(breaker.begin(now)).isEqualTo(Permit.PROBE);
      breaker.failed(Permit.PROBE, now, now);
      longest = Math.max(longest, breaker.nextProbe().getAsLong() - now);
      assertThat(breaker.nextProbe().getAsLong() - now)
          .isBetween(0L, Math.min(30, 2L << Math.min(i, 10)) * SECOND);
    }
    assertThat(longest).isGreaterThan(25 * SECOND);
  }

  @Test
  void shouldNotProbeBeforeTheBackendWantsIt() {
    fail(0, 4);
    breaker.failed(Permit.FREE, 0, 7 * SECOND);
    assertThat(breaker.begin(7 * SECOND - 1)).isEqualTo(Permit.REFUSED);
    assertThat(breaker.begin(7 * SECOND)).isEqualTo(Permit.PROBE);

    breaker.failed(Permit.PROBE, 7 * SECOND, 100 * SECOND);
    assertThat(breaker.begin(100 * SECOND - 1)).isEqualTo(Permit.REFUSED);

    breaker.failed(Permit.FREE, 50 * SECOND, 200 * SECOND);
    assertThat(breaker.begin(200 * SECOND - 1)).isEqualTo(Permit.REFUSED);
    assertThat(breaker.begin(200 * SECOND)).isEqualTo(Permit.PROBE);
  }

  @Test
  void shouldCloseWithTheFirstSuccessOfWhicheverAttempt() {
    fail(0, 5);
    breaker.succeeded(1);
    assertThat(breaker.begin(1)).isEqualTo(Permit.FREE);

    fail(LATER, 5);
    assertThat(breaker.begin(2 * LATER)).isEqualTo(Permit.PROBE);
    breaker.succeeded(2 * LATER);
    assertThat(breaker.begin(2 * LATER)).isEqualTo(Permit.FREE);
  }

  @Test
  void shouldIgnoreTheFailuresOfOlderAttemptsWhileAProbeIsUnderWay() {
    fail(0, 5);
    assertThat(breaker.begin(LATER)).isEqualTo(Permit.PROBE);

    breaker.failed(Permit.FREE, LATER, LATER);

    assertThat(breaker.begin(2 * LATER)).isEqualTo(Permit.REFUSED);
    breaker.failed(Permit.PROBE, 2 * LATER, 2 * LATER);
    assertThat(breaker.begin(3 * LATER)).isEqualTo(Permit.PROBE);
  }

  @Test
  void shouldOpenAtOnceAndForLongWhereSomebodyMustMendTheConfiguration() {
    breaker.misconfigured(0);

    assertThat(breaker.nextProbe().getAsLong()).isBetween(15 * SECOND, 30 * SECOND);
    assertThat(breaker.begin(30 * SECOND)).isEqualTo(Permit.PROBE);
    breaker.misconfigured(30 * SECOND);
    assertThat(breaker.nextProbe().getAsLong()).isBetween(45 * SECOND, 60 * SECOND);
  }

  @Test
  void shouldForgetEverythingWhenTheBackendIsAnotherOne() {
    breaker.misconfigured(0);

    breaker.reset(1);

    assertThat(breaker.begin(1)).isEqualTo(Permit.FREE);
    fail(1, 4);
    assertThat(breaker.isClosed()).isTrue();
  }

  private void fail(long now, int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(Permit.FREE, now, now);
    }
  }
}
