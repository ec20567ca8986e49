/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static io.caravan.delivery.ScriptedConnector.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is learnt of a backend without asking too much of it. */
final class PortionGrowthTest {
  private static final int SENDERS = 16;
  private static final long TIMEOUT = 30_000;
  private static final DeliverySettings SETTINGS =
      new DeliverySettings(
          DeliverySettings.DEFAULT.order(),
          SENDERS,
          PortionSettings.DEFAULT,
          DeliverySettings.DEFAULT.retry(),
          Duration.ofMillis(TIMEOUT),
          Duration.ofHours(24),
          1L << 30,
          1L << 30);

  private final DelivererFixture fixture = new DelivererFixture(SETTINGS);
  private final List<ScriptedConnector.Sent> held = new ArrayList<>();
  private long busyUntil;

  @BeforeEach
  void hold() {
    fixture.connector.script(
        sent -> {
          held.add(sent);
          return null;
        });
  }

  /** Requests of 100 spans of half a kilobyte each. */
  private void offerToEachSender(int requests) {
    for (int request = 0; request < requests; request++) {
      for (int sender = 0; sender < SENDERS; sender++) {
        assertThat(fixture.deliverer.offer(fixture.delivery(sender, 100, 500))).isTrue();
      }
    }
  }

  private void answerAfter(ToLongFunction<ScriptedConnector.Sent> millis) {
    fixture.connector.script(
        sent -> {
          fixture.time.schedule(() -> sent.answer(OK), Duration.ofMillis(millis.applyAsLong(sent)));
          return null;
        });
    List<ScriptedConnector.Sent> begun = List.copyOf(held);
    held.clear();
    begun.forEach(sent -> sent.answer(OK));
  }

  /** One request after the other: what waits for others counts for the attempt's time as well. */
  private long oneAfterTheOther(int spans, int perSecond) {
    long now = fixture.time.sinceStart().toMillis();
    busyUntil = Math.max(busyUntil, now) + spans * 1_000L / perSecond;
    return busyUntil - now;
  }

  @Test
  void shouldFindOutThatABackendIsSlowWithoutAnAttemptThatTimesOut() {
    // given: portions of all that waits would take it 16 times 16 s
    offerToEachSender(80);

    // when
    answerAfter(sent -> oneAfterTheOther(sent.spans().size(), 500));
    fixture.pass(3_600);

    // then
    assertThat(fixture.endings).hasSize(80 * SENDERS);
    assertThat(fixture.sentSpans()).hasSize(80 * SENDERS * 100).doesNotHaveDuplicates();
    assertThat(fixture.deliverer.state().counts().timedOut()).isZero();
    fixture.assertNothingIsHeld();
  }

  /** As connectors do that have a time of their own, shorter than ours. */
  @Test
  void shouldSendLessAtOnceWhenTheConnectorSaysThatTheTimeWasUp() {
    offerToEachSender(80);
    Outcome timeIsUp =
        new Outcome.RetryLater(OtlpStatus.of(GrpcCode.DEADLINE_EXCEEDED, "5 s were up"), null);
    fixture.connector.script(
        sent -> {
          fixture.time.schedule(
              () -> sent.answer(sent.spans().size() > 150 ? timeIsUp : OK), Duration.ofSeconds(1));
          return null;
        });
    List<ScriptedConnector.Sent> begun = List.copyOf(held);
    held.clear();
    begun.forEach(sent -> sent.answer(OK));
    fixture.pass(3_600);

    assertThat(fixture.endings).hasSize(80 * SENDERS);
    assertThat(fixture.connector.sent().getLast().spans()).hasSizeLessThanOrEqualTo(150);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendMuchAtOnceToABackendThatIsFarAndNotSlow() {
    offerToEachSender(80);

    answerAfter(_ -> TIMEOUT / 8);
    fixture.pass(60);

    assertThat(fixture.connector.sent())
        .anySatisfy(sent -> assertThat(sent.size()).isGreaterThan(3 << 20));
    assertThat(fixture.endings).hasSize(80 * SENDERS);
    fixture.assertNothingIsHeld();
  }

  @Test
  void shouldSendLessAtOnceWhenABackendHasBecomeSlow() {
    offerToEachSender(40);
    answerAfter(_ -> 10);
    fixture.pass(1);
    assertThat(fixture.endings).hasSize(40 * SENDERS);
    int before = fixture.connector.sent().size();

    hold();
    offerToEachSender(80);
    answerAfter(sent -> sent.spans().size() * TIMEOUT / 2 / 2_000);
    fixture.pass(3_600);

    assertThat(fixture.endings).hasSize(120 * SENDERS);
    assertThat(fixture.connector.sent().subList(before, fixture.connector.sent().size()))
        .filteredOn(sent -> sent.spans().size() > 2_000)
        .as("sixteen lanes may learn it at the same time")
        .hasSizeLessThanOrEqualTo(2 * SENDERS);
    fixture.assertNothingIsHeld();
  }
}
