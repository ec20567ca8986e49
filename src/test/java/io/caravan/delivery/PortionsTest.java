/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static io.caravan.delivery.ScriptedConnector.BAD;
import static io.caravan.delivery.ScriptedConnector.BIG;
import static io.caravan.delivery.ScriptedConnector.LATER;
import static io.caravan.delivery.ScriptedConnector.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Delivery.Order;
import io.caravan.delivery.ScriptedConnector.Sent;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes out together, and what becomes of it when it does not pass. */
@ExtendWith(NoLeaks.class)
class PortionsTest {
  private static final Ending ALL = new Ending.Delivered(0);
  private static final Outcome TOO_LARGE = new Outcome.TooLarge(BIG);

  private static DeliverySettings settings(Order order, int lanes, long maxBytes, long laneBytes) {
    return new DeliverySettings(
        order,
        lanes,
        PortionSettings.DEFAULT,
        DeliverySettings.DEFAULT.retry(),
        Duration.ofSeconds(5),
        Duration.ofHours(24),
        maxBytes,
        laneBytes);
  }

  @Test
  void shouldSendTogetherWhatWaitedAndMoreOfItOnceMoreWaits() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.hold();
    fixture.offer(1, 10);
    for (int i = 0; i < 5; i++) {
      fixture.offer(1, 100);
    }
    fixture.connector.last().answer(OK);
    assertThat(fixture.connector.last().spans()).hasSize(500);

    for (int i = 0; i < 200; i++) {
      fixture.offer(1, 100);
    }
    fixture.connector.last().answer(OK);
    assertThat(fixture.connector.last().spans()).hasSize(8_100);

    fixture.connector.script(_ -> OK);
    fixture.connector.last().answer(OK);
    assertThat(fixture.connector.sent()).hasSize(5);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendNoMoreBytesTogetherThanIsAllowed() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.hold();
    fixture.offer(1, 1);
    for (int i = 0; i < 6; i++) {
      assertThat(fixture.deliverer.offer(fixture.delivery(1, 10, 100_000))).isTrue();
    }
    fixture.connector.script(_ -> OK);
    fixture.connector.last().answer(OK);

    assertThat(fixture.connector.sent())
        .hasSize(4)
        .allMatch(sent -> sent.size() <= PortionSettings.DEFAULT.bytes());
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendALargerRequestAsItCame() {
    DelivererFixture fixture = new DelivererFixture();

    fixture.offer(1, 20_000);

    assertThat(fixture.connector.last().spans()).hasSize(20_000);
    fixture.assertNothingIsHeld();
  }

  @Test
  void c24ShouldDivideWhatIsTooLargeFirstBetweenRequestsAndThenWithinThemInOrder() {
    // given: a backend that takes up to 20,000 bytes at a time
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.hold();
    fixture.offer(1, 1);
    List<Long> positions = IntStream.range(0, 9).mapToObj(_ -> fixture.offer(1, 500)).toList();
    Delivery large = fixture.delivery(1, 100, 1_000);
    assertThat(fixture.deliverer.offer(large)).isTrue();
    List<Long> after = IntStream.range(0, 3).mapToObj(_ -> fixture.offer(1, 500)).toList();
    fixture.connector.script(sent -> sent.size() > 20_000 ? TOO_LARGE : OK);

    // when
    fixture.connector.last().answer(OK);

    // then
    assertThat(fixture.endings).hasSize(14).allSatisfy((_, e) -> assertThat(e).isEqualTo(ALL));
    assertThat(positions).hasSize(9);
    assertThat(after).hasSize(3);
    List<String> taken =
        fixture.connector.sent().stream()
            .filter(sent -> sent.size() <= 20_000)
            .flatMap(sent -> sent.spans().stream())
            .toList();
    assertThat(taken).hasSize(1 + 12 * 500 + 100).doesNotHaveDuplicates();
    assertThat(taken.stream().map(name -> Integer.valueOf(name.split("/", -1)[1])).toList())
        .isSorted();
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldRefuseOnlyTheRecordThatIsTooLargeAlone() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.script(
        sent -> sent.spans().contains("1/0/37") ? TOO_LARGE : new Outcome.Delivered(0, ""));

    long position = fixture.offer(1, 100);

    assertThat(fixture.ending(position))
        .isInstanceOfSatisfying(
            Ending.Divided.class,
            divided -> {
              assertThat(divided.delivered()).isEqualTo(99);
              assertThat(divided.rest())
                  .extracting(Ending.Part::ending)
                  .containsExactly(new Ending.Refused(BIG));
            });
    assertThat(fixture.rest.get(position)).containsExactly(List.of("1/0/37"));
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldRefuseTheWholeWhenEachOfItsRecordsIsTooLarge() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.script(_ -> TOO_LARGE);

    long position = fixture.offer(1, 10);

    assertThat(fixture.ending(position)).isEqualTo(new Ending.Refused(BIG));
    assertThat(fixture.connector.sent()).hasSize(19);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldRetryThePartsOfADividedRequest() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.script(
        sent -> sent.spans().size() > 25 ? TOO_LARGE : fixture.time.nanoTime() == 0 ? LATER : OK);

    long position = fixture.offer(1, 100);
    assertThat(fixture.endings).isEmpty();
    fixture.pass(60);

    assertThat(fixture.ending(position)).isEqualTo(ALL);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldNotSendPortionsThatTheBackendFoundTooLargeBefore() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.script(sent -> sent.size() > 100_000 ? TOO_LARGE : OK);
    for (int round = 0; round < 10; round++) {
      fixture.deliverer.pause();
      for (int i = 0; i < 100; i++) {
        fixture.offer(1, 100);
      }
      fixture.deliverer.resume();
    }

    List<Sent> sent = fixture.connector.sent();
    assertThat(sent.stream().mapToInt(s -> s.spans().size()).sum()).isLessThan(2 * 100_000);
    assertThat(fixture.endings).hasSize(1_000);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendLessAtATimeToABackendThatNeedsLongerForMoreThanItHas() {
    // given: a backend that takes 100 spans a second, one portion after the other
    DelivererFixture fixture = new DelivererFixture(settings(Order.SENDER, 1, 1 << 25, 1 << 25));
    fixture.connector.script(
        sent -> {
          fixture.time.schedule(
              () -> sent.answer(OK), Duration.ofMillis(10L * sent.spans().size()));
          return null;
        });
    fixture.offer(1, 1);
    for (int i = 0; i < 600; i++) {
      fixture.offer(1, 10);
    }

    // when
    fixture.pass(120);

    // then: no more than twice the 60 s that they take, and nothing in vain for ever
    assertThat(fixture.endings).hasSize(601);
    fixture.pass(300);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldNotRefuseTheRequestsThatWaitedBesideABadOne() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.connector.hold();
    fixture.offer(1, 1);
    List<Long> positions = IntStream.range(0, 64).mapToObj(_ -> fixture.offer(1, 2)).toList();
    long bad = positions.get(21);
    fixture.connector.script(
        sent -> sent.spans().contains("1/" + bad + "/0") ? new Outcome.Refused(BAD) : OK);

    fixture.connector.last().answer(OK);

    assertThat(fixture.ending(bad)).isEqualTo(new Ending.Refused(BAD));
    assertThat(fixture.endings.values().stream().filter(ALL::equals)).hasSize(64);
    assertThat(fixture.connector.sent()).hasSizeLessThan(20);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendRequestsAloneWhileTheBackendRefusesAll() {
    DelivererFixture fixture = new DelivererFixture();
    fixture.deliverer.pause();
    for (int i = 0; i < 64; i++) {
      fixture.offer(1, 2);
    }
    fixture.connector.script(_ -> new Outcome.Refused(BAD));
    fixture.deliverer.resume();

    assertThat(fixture.endings).hasSize(64);
    assertThat(fixture.connector.sent()).hasSizeLessThan(64 + 8);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldLetAnyFreeLaneTakeTheNextWhereThereIsNoOrder() {
    DelivererFixture fixture = new DelivererFixture(settings(Order.NONE, 4, 1 << 20, 1 << 20));
    fixture.connector.hold();
    for (int i = 0; i < 10; i++) {
      fixture.offer(1, 1);
    }
    assertThat(fixture.connector.sent()).hasSize(4);

    fixture.connector.sent().get(2).answer(OK);
    assertThat(fixture.connector.last().spans()).hasSize(6);

    List.copyOf(fixture.connector.sent()).stream()
        .filter(sent -> sent != fixture.connector.sent().get(2))
        .forEach(sent -> sent.answer(OK));
    assertThat(fixture.endings).hasSize(10);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSayWhenThereIsRoomAgain() {
    DelivererFixture fixture = new DelivererFixture(settings(Order.SENDER, 16, 100_000, 60_000));
    fixture.connector.hold();
    int offered = fill(fixture, 1);
    assertThat(fixture.deliverer.room()).isBetween(40_000L, 50_000L);

    // a lane that is stuck leaves room for the others
    int others = fill(fixture, 2);
    assertThat(offered).isBetween(9, 15);
    assertThat(others).isBetween(5, 11);
    assertThat(fixture.roomAgain).isZero();

    fixture.connector.script(_ -> OK);
    List.copyOf(fixture.connector.sent()).forEach(sent -> sent.answer(OK));
    assertThat(fixture.roomAgain).isPositive();
    assertThat(fixture.deliverer.room()).isEqualTo(100_000);
    fixture.assertNothingIsHeld();
  }

  private static int fill(DelivererFixture fixture, long sender) {
    int offered = 0;
    while (true) {
      Delivery delivery = fixture.delivery(sender, 1);
      if (!fixture.deliverer.offer(delivery)) {
        delivery.batch().release();
        return offered;
      }
      offered++;
    }
  }

  @Test
  void shouldTakeARequestThatIsLargerThanAllTheRoomAsTheOnlyOne() {
    DelivererFixture fixture = new DelivererFixture(settings(Order.SENDER, 4, 10_000, 10_000));
    fixture.connector.hold();
    fixture.offer(1, 10_000);
    Delivery further = fixture.delivery(2, 1);
    assertThat(fixture.deliverer.offer(further)).isFalse();

    fixture.connector.last().answer(OK);

    assertThat(fixture.roomAgain).isEqualTo(1);
    assertThat(fixture.deliverer.offer(further)).isTrue();
    fixture.connector.last().answer(OK);
    fixture.assertNothingIsHeld();
  }
}
