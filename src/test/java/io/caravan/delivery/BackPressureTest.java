/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static io.caravan.delivery.ScriptedConnector.LATER;
import static io.caravan.delivery.ScriptedConnector.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.NoLeaks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What passes, in virtual time, through backends that are in trouble. */
@ExtendWith(NoLeaks.class)
class BackPressureTest {
  private static final int SPANS = 100;
  private static final Duration STEP = Duration.ofMillis(20);

  private final DelivererFixture fixture = new DelivererFixture();
  private final Random random = new Random(4);
  private final ArrayDeque<Delivery> refused = new ArrayDeque<>();

  /** 70 % of requests are answered UNAVAILABLE, and 70 % a second late. */
  private void answerThreeInTen() {
    fixture.connector.script(
        sent -> {
          boolean taken = random.nextInt(10) < 3;
          Duration late = random.nextInt(10) < 7 ? Duration.ofSeconds(1) : Duration.ZERO;
          fixture.time.schedule(() -> sent.answer(taken ? OK : LATER), late);
          return null;
        });
  }

  /** 5,000 spans a second of 50 senders; what finds no room comes again. */
  private void load(int seconds) {
    for (int i = 0; i < seconds * 50; i++) {
      refused.add(fixture.delivery(i % 50, SPANS));
      while (!refused.isEmpty() && fixture.deliverer.offer(refused.getFirst())) {
        refused.removeFirst();
      }
      fixture.time.pass(STEP);
    }
  }

  @Test
  void shouldDeliverThousandsASecondThroughABackendThatTakesThreeRequestsInTen() {
    answerThreeInTen();

    load(60);

    // then: the Collector delivered 306 of 5,929 spans a second, and 40 with its queue on disk
    assertThat(fixture.endings.size() * SPANS / 60).isGreaterThan(2_000);
    assertThat(fixture.deliverer.state().breakerOpen()).isFalse();
    assertThat(refused).isEmpty();
    fixture.pass(300);
    assertThat(fixture.endings.values()).hasSize(3_000).containsOnly(new Ending.Delivered(0));
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldDrainManyTimesFasterThanItFilledWhenTheBackendIsBack() {
    // given: a minute without a backend
    fixture.connector.script(_ -> LATER);
    load(60);
    int tries = fixture.connector.sent().size();

    // when it is back, and answers in 50 ms
    fixture.connector.script(
        sent -> {
          fixture.time.schedule(() -> sent.answer(OK), Duration.ofMillis(50));
          return null;
        });
    long back = fixture.time.nanoTime();
    while (!refused.isEmpty() || fixture.deliverer.state().deliveries() > 0) {
      while (!refused.isEmpty() && fixture.deliverer.offer(refused.getFirst())) {
        refused.removeFirst();
      }
      fixture.time.pass(STEP);
    }

    // then: the breaker takes up to 30 s to see it, and the rest is a matter of seconds
    assertThat(tries).isLessThan(60);
    assertThat(Duration.ofNanos(fixture.time.nanoTime() - back)).isLessThan(Duration.ofSeconds(35));
    assertThat(fixture.endings.values()).hasSize(3_000).containsOnly(new Ending.Delivered(0));
    fixture.assertNothingIsHeld();
  }
}
