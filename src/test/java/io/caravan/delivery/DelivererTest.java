/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static io.caravan.delivery.ScriptedConnector.BAD;
import static io.caravan.delivery.ScriptedConnector.DOWN;
import static io.caravan.delivery.ScriptedConnector.LATER;
import static io.caravan.delivery.ScriptedConnector.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.ScriptedConnector.Sent;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DelivererTest {
  private static final Ending ALL = new Ending.Delivered(0);

  private final DelivererFixture fixture = new DelivererFixture();

  @AfterEach
  void nothingIsHeld() {
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldDeliverWhatIsOfferedAndTellItsListener() {
    long position = fixture.offer(1, 3);

    assertThat(fixture.connector.last().spans()).containsExactly("1/0/0", "1/0/1", "1/0/2");
    assertThat(fixture.ending(position)).isEqualTo(ALL);
  }

  @Test
  void shouldKeepTheOrderOfASenderWhateverFails() {
    // given: a backend that takes one batch in three
    Random random = new Random(2);
    List<String> delivered = new ArrayList<>();
    fixture.connector.script(
        sent -> {
          boolean taken = random.nextInt(3) == 0;
          delivered.addAll(taken ? sent.spans() : List.of());
          return taken ? OK : LATER;
        });
    List<String> offered = new ArrayList<>();

    // when
    for (int i = 0; i < 200; i++) {
      offered.add("5/" + fixture.offer(5, 1) + "/0");
      fixture.time.pass(Duration.ofMillis(random.nextInt(200)));
    }
    fixture.pass(600);

    // then
    assertThat(delivered).isEqualTo(offered);
    assertThat(fixture.connector.sent()).hasSizeGreaterThan(10);
    assertThat(fixture.endings).hasSize(200).allSatisfy((_, e) -> assertThat(e).isEqualTo(ALL));
  }

  @Test
  void shouldHoldBackOnlyTheLaneOfTheBatchThatIsRetried() {
    fixture.connector.script(sent -> sent.spans().getFirst().startsWith("1/") ? LATER : OK);
    fixture.offer(1, 1);

    for (int sender = 2; sender < 6; sender++) {
      fixture.offer(sender, 1);
    }

    assertThat(fixture.endings).hasSize(4);
    fixture.connector.script(_ -> OK);
    fixture.pass(30);
    assertThat(fixture.endings).hasSize(5);
  }

  @Test
  void c17ShouldNotTryAgainBeforeTheBackendWantsIt() {
    Outcome inSeven = new Outcome.RetryLater(DOWN, Duration.ofSeconds(7));
    fixture.connector.script(_ -> fixture.connector.sent().size() < 4 ? inSeven : OK);

    fixture.offer(1, 1);
    fixture.pass(60);

    List<Sent> sent = fixture.connector.sent();
    assertThat(sent).hasSize(4);
    for (int i = 1; i < sent.size(); i++) {
      assertThat(sent.get(i).at().minus(sent.get(i - 1).at()))
          .isBetween(Duration.ofSeconds(7), Duration.ofSeconds(15));
    }
  }

  @Test
  void c01ShouldTryExactlyOnceMoreWhenTheFirstTryFailed() {
    fixture.connector.script(_ -> fixture.connector.sent().size() == 1 ? LATER : OK);

    long position = fixture.offer(1, 2);
    fixture.pass(60);

    assertThat(fixture.connector.sent()).hasSize(2);
    assertThat(fixture.ending(position)).isEqualTo(ALL);
  }

  @Test
  void c07ShouldNotTryAgainWhatIsRefusedForGood() {
    fixture.connector.script(_ -> new Outcome.Refused(BAD));

    long position = fixture.offer(1, 2);
    fixture.pass(60);

    assertThat(fixture.connector.sent()).hasSize(1);
    assertThat(fixture.ending(position)).isEqualTo(new Ending.Refused(BAD));
  }

  @Test
  void c21ShouldCountWhatThePartialSuccessRejectedAndNotTryItAgain() {
    fixture.connector.hold();
    long first = fixture.offer(1, 5);
    long second = fixture.offer(1, 4);
    long third = fixture.offer(1, 4);
    fixture.connector.last().answer(new Outcome.Delivered(2, "too old"));
    fixture.connector.last().answer(new Outcome.Delivered(6, "too old"));
    fixture.pass(60);

    assertThat(fixture.connector.sent()).hasSize(2);
    assertThat(fixture.ending(first)).isEqualTo(new Ending.Delivered(2, "too old"));
    assertThat(fixture.ending(second)).isEqualTo(new Ending.Delivered(4, "too old"));
    assertThat(fixture.ending(third)).isEqualTo(new Ending.Delivered(2, "too old"));
  }

  @Test
  void shouldProbeABackendThatDoesNotAnswerWithOneBatchAtATime() {
    // given: batches wait in all lanes, two in each
    fixture.connector.script(_ -> LATER);
    for (int i = 0; i < 200; i++) {
      fixture.offer(i, 3);
    }
    fixture.pass(10);
    assertThat(fixture.deliverer.state().breakerOpen()).isTrue();
    assertThat(fixture.deliverer.state().nextTry()).isPresent();
    int before = fixture.connector.sent().size();

    // when
    fixture.pass(600);

    // then: not 16 lanes, but one probe, each of one request, about every 15 s
    List<Sent> probes = fixture.connector.sent().subList(before, fixture.connector.sent().size());
    assertThat(probes).hasSizeBetween(20, 80).allMatch(sent -> sent.requests() == 1);

    // when it is back
    fixture.connector.script(_ -> OK);
    fixture.pass(30);

    // then
    assertThat(fixture.endings).hasSize(200);
    assertThat(fixture.deliverer.state().breakerOpen()).isFalse();
    assertThat(fixture.deliverer.state().failure()).isEmpty();
  }

  @Test
  void shouldWaitForWhoeverMendsTheConfiguration() {
    fixture.connector.script(_ -> new Outcome.Misconfigured(BAD));
    long position = fixture.offer(1, 1);
    fixture.pass(300);

    assertThat(fixture.endings).isEmpty();
    assertThat(fixture.connector.sent()).hasSizeBetween(10, 21);
    assertThat(fixture.deliverer.state().failure())
        .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo("INVALID_ARGUMENT"));

    fixture.connector.script(_ -> OK);
    fixture.pass(30);
    assertThat(fixture.ending(position)).isEqualTo(ALL);
  }

  @Test
  void shouldNotTryAgainWhatIsTooOld() {
    fixture.connector.script(_ -> LATER);
    long position = fixture.offer(1, 1);

    fixture.time.pass(Duration.ofHours(24).minusSeconds(1));
    assertThat(fixture.endings).isEmpty();
    fixture.pass(2);

    assertThat(fixture.ending(position)).isEqualTo(new Ending.Expired(DOWN));
    int tries = fixture.connector.sent().size();
    fixture.pass(3600);
    assertThat(fixture.connector.sent()).hasSize(tries);
  }

  @Test
  void shouldDeliverTheBacklogToTheNewOutputAtOnce() {
    // given: one lane waits for its time, one is under way, the breaker is open
    fixture.connector.script(_ -> new Outcome.Misconfigured(BAD));
    for (int i = 0; i < 50; i++) {
      fixture.offer(i, 1);
    }
    fixture.connector.hold();
    int before = fixture.connector.sent().size();
    while (fixture.connector.sent().size() == before) {
      fixture.pass(1);
    }
    Sent underWay = fixture.connector.last();
    ScriptedConnector next = new ScriptedConnector(fixture.time);

    // when
    fixture.deliverer.switchTo(new Output(next, Runnable::run));

    // then
    assertThat(fixture.endings).hasSizeGreaterThan(40);
    underWay.answer(new Outcome.Refused(BAD));
    assertThat(fixture.endings).hasSize(50).allSatisfy((_, e) -> assertThat(e).isEqualTo(ALL));
    assertThat(next.sent().stream().mapToInt(sent -> sent.spans().size()).sum()).isEqualTo(50);
  }

  @Test
  void shouldIgnoreAndCountLateAndRepeatedAnswers() {
    fixture.connector.hold();
    long position = fixture.offer(1, 1);
    fixture.connector.script(_ -> OK);
    fixture.pass(10);

    assertThat(fixture.ending(position)).isEqualTo(ALL);
    assertThat(fixture.deliverer.state().leftBehind()).isEqualTo(1);
    assertThat(fixture.deliverer.state().bytes()).isPositive();

    Sent late = fixture.connector.sent().getFirst();
    late.answer(new Outcome.Refused(BAD));
    late.answerAgain(OK);
    fixture.connector.last().answerAgain(LATER);

    assertThat(fixture.deliverer.state().leftBehind()).isZero();
    assertThat(fixture.deliverer.state().counts())
        .isEqualTo(new DeliveryState.Counts(2, 1, 1, 2, 0));
    assertThat(fixture.connector.sent()).hasSize(2);
  }

  @Test
  void shouldTakeALateSuccessForWhatWasNotBegunAgain() {
    fixture.connector.hold();
    long position = fixture.offer(1, 4);
    Sent slow = fixture.connector.last();
    fixture.time.pass(Duration.ofSeconds(5));
    assertThat(fixture.deliverer.state().leftBehind()).isEqualTo(1);

    slow.answer(new Outcome.Delivered(1, "too old"));

    assertThat(fixture.ending(position)).isEqualTo(new Ending.Delivered(1, "too old"));
    assertThat(fixture.deliverer.state().failure()).isEmpty();
    fixture.pass(60);
    assertThat(fixture.connector.sent()).hasSize(1);
  }

  @Test
  void shouldApplyOtherSettingsToWhatWaits() {
    fixture.connector.script(_ -> LATER);
    long position = fixture.offer(1, 1);
    fixture.pass(100);
    DeliverySettings old = DeliverySettings.DEFAULT;

    fixture.deliverer.change(
        new DeliverySettings(
            old.order(),
            old.lanes(),
            old.portion(),
            old.retry(),
            old.attemptTimeout(),
            Duration.ofSeconds(60),
            old.maxBytes(),
            old.maxLaneBytes()));

    assertThat(fixture.ending(position)).isEqualTo(new Ending.Expired(DOWN));
  }

  @Test
  void shouldLeaveOnlySoManyAttemptsBehindWithAConnectorThatNeverAnswers() {
    fixture.connector.hold();
    for (int i = 0; i < 100; i++) {
      fixture.offer(i, 1);
    }
    fixture.pass(3600);

    // 16 that were under way when the last of those left behind timed out
    assertThat(fixture.connector.sent()).hasSizeBetween(16, 32);
    assertThat(fixture.deliverer.state().underWay()).isZero();

    fixture.connector.script(_ -> OK);
    List.copyOf(fixture.connector.sent()).forEach(sent -> sent.answer(LATER));
    fixture.pass(60);
    assertThat(fixture.endings).hasSize(100);
  }

  @Test
  void shouldRetryWhenTheConnectorThrows() {
    fixture.connector.script(
        sent -> {
          if (fixture.connector.sent().size() == 1) {
            sent.release();
            throw new IllegalStateException("boom");
          }
          return OK;
        });

    long position = fixture.offer(1, 1);
    assertThat(fixture.deliverer.state().failure())
        .hasValueSatisfying(failure -> assertThat(failure.message()).contains("boom"));
    fixture.pass(10);

    assertThat(fixture.ending(position)).isEqualTo(ALL);
  }

  @Test
  void shouldCallOffWhatIsNotUnderWay() {
    fixture.connector.hold();
    Delivery underWay = fixture.delivery(1, 1);
    Delivery waiting = fixture.delivery(1, 1);
    assertThat(fixture.deliverer.offer(underWay)).isTrue();
    assertThat(fixture.deliverer.offer(waiting)).isTrue();

    fixture.deliverer.callOff(underWay);
    fixture.deliverer.callOff(waiting);
    fixture.deliverer.callOff(waiting);

    fixture.connector.last().answer(OK);
    assertThat(fixture.connector.sent()).hasSize(1);
    assertThat(fixture.ending(waiting.position())).isEqualTo(new Ending.Withdrawn());
    assertThat(fixture.ending(underWay.position())).isEqualTo(ALL);
  }

  @Test
  void shouldDisplaceTheOldestThatWaitAndNothingThatIsUnderWay() {
    fixture.connector.hold();
    long underWay = fixture.offer(1, 1);
    long oldest = fixture.offer(1, 1);
    long other = fixture.offer(2, 1);
    long second = fixture.offer(2, 1);
    long newest = fixture.offer(1, 1);
    long size = fixture.connector.last().size();

    assertThat(fixture.deliverer.displace(size + 1)).isEqualTo(2 * size);

    assertThat(fixture.ending(oldest)).isEqualTo(new Ending.Displaced());
    assertThat(fixture.ending(second)).isEqualTo(new Ending.Displaced());
    assertThat(fixture.endings).doesNotContainKeys(underWay, other, newest);
    assertThat(fixture.deliverer.displace(10 * size)).isEqualTo(size);
    assertThat(fixture.deliverer.displace(1)).isZero();
    List.copyOf(fixture.connector.sent()).forEach(sent -> sent.answer(OK));
    assertThat(fixture.ending(underWay)).isEqualTo(ALL);
    assertThat(fixture.ending(other)).isEqualTo(ALL);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldBeginNothingWhilePaused() {
    fixture.deliverer.pause();
    long position = fixture.offer(1, 1);
    fixture.pass(600);
    assertThat(fixture.connector.sent()).isEmpty();

    fixture.deliverer.resume();

    assertThat(fixture.ending(position)).isEqualTo(ALL);
  }

  @Test
  void c31ShouldLeaveWhatWaitsAndWaitForWhatIsUnderWayUntilTheDeadline() {
    fixture.connector.hold();
    long inTime = fixture.offer(1, 1);
    long tooLate = fixture.offer(2, 1);
    long fails = fixture.offer(3, 1);
    long waits = fixture.offer(1, 1);

    CompletableFuture<Void> closed = fixture.deliverer.close(Duration.ofSeconds(2));

    assertThat(fixture.endings).containsOnlyKeys(waits);
    List<Sent> sent = List.copyOf(fixture.connector.sent());
    sent.get(0).answer(OK);
    sent.get(2).answer(LATER);
    assertThat(closed).isNotDone();
    fixture.pass(2);
    assertThat(closed).isCompleted();
    assertThat(fixture.ending(inTime)).isEqualTo(ALL);
    for (long left : List.of(tooLate, fails, waits)) {
      assertThat(fixture.ending(left)).isEqualTo(new Ending.Left());
    }
    sent.get(1).answer(OK);
    Delivery further = fixture.delivery(1, 1);
    assertThat(fixture.deliverer.offer(further)).isFalse();
    further.batch().release();
  }

  @Test
  void shouldAnswerAtOnceAsOftenAsIsOfferedWithoutGrowingTheStack() {
    int[] left = {200_000};
    Delivery first = fixture.delivery(1, 1);
    Delivery.Listener again =
        new Delivery.Listener() {
          @Override
          public void ended(Delivery delivery, Ending ending) {
            left[0]--;
            if (left[0] > 0) {
              assertThat(fixture.deliverer.offer(again(delivery, this))).isTrue();
            }
          }
        };
    fixture.connector.forget();

    assertThat(fixture.deliverer.offer(again(first, again))).isTrue();

    assertThat(left[0]).isZero();
    first.batch().release();
  }

  private static Delivery again(Delivery delivery, Delivery.Listener listener) {
    return new Delivery(
        delivery.batch().retain(), delivery.sender(), delivery.acceptedAt(), 0, listener);
  }
}
