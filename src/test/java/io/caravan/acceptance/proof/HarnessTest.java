/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness tells the truth: senders and a backend without anything between them. */
class HarnessTest {
  private static final Load LOAD = Load.closedLoop(4, 10);

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    backend.close();
  }

  @Test
  void shouldReadTheIdsOfTheSpansThatItMade() {
    byte[] request = NumberedSpans.request(7, 1_000_000, 3);

    assertThat(SpanReader.read(request).ids())
        .containsExactly(SpanId.of(7, 1_000_000), SpanId.of(7, 1_000_001), SpanId.of(7, 1_000_002));
    assertThat(request.length / 3).as("bytes of a span").isBetween(350, 450);
  }

  @Test
  void shouldCountWhatIsMissingWhatCameAgainAndWhatCameTooLate() {
    Numbers acknowledged = new Numbers();
    for (int number = 0; number < 6; number++) {
      acknowledged.add(SpanId.of(1, number));
    }
    Arrivals arrivals = new Arrivals();

    arrivals.add(SpanReader.read(NumberedSpans.request(1, 0, 2)));
    arrivals.add(SpanReader.read(NumberedSpans.request(1, 4, 1)));
    arrivals.add(SpanReader.read(NumberedSpans.request(1, 1, 2)));

    assertThat(acknowledged.missingIn(arrivals.numbers())).as("3 and 5").isEqualTo(2);
    assertThat(arrivals.duplicates()).as("1").isEqualTo(1);
    assertThat(arrivals.outOfOrder()).as("2").isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHUT", "RESETTING"})
  void shouldSendAgainUntilItIsAnsweredWhenTheNetworkBreaksUnderLoad(Gate.State broken) {
    try (RetryingSenders senders = senders()) {
      awaitAcknowledged(senders, 200);

      backend.network(broken);
      Awaitility.await().until(() -> senders.log().repeated() >= LOAD.streams());
      long before = senders.log().acknowledged().size();
      backend.network(Gate.State.OPEN);
      awaitAcknowledged(senders, before + 200);
      senders.finish();

      assertAllDelivered(senders);
    }
  }

  @Test
  void shouldBeHeldByASilentNetworkAndSendAgainWhenItIsOver() {
    try (RetryingSenders senders = senders()) {
      awaitAcknowledged(senders, 200);

      backend.network(Gate.State.SILENT);
      long most = senders.log().acknowledged().size() + LOAD.inFlight();
      Awaitility.await()
          .during(Duration.ofMillis(300))
          .until(() -> senders.log().acknowledged().size(), size -> size <= most);
      backend.network(Gate.State.OPEN);
      awaitAcknowledged(senders, most + 200);
      senders.finish();

      assertAllDelivered(senders);
      // Those whose answers were held, and are sent again.
      assertThat(backend.arrivals().duplicates()).isLessThanOrEqualTo(LOAD.inFlight());
    }
  }

  @Test
  void shouldKeepTheOrderWhileTheBackendIsUnavailableToMost() {
    backend.behave(Behaviour.failingAndDelaying(0.7, 0.3, Duration.ofMillis(50)));
    try (RetryingSenders senders = senders()) {
      awaitAcknowledged(senders, 100);
      senders.finish();

      assertAllDelivered(senders);
      assertThat(senders.log().repeated()).isPositive();
      assertThat(backend.arrivals().duplicates()).isZero();
      assertThat(backend.arrivals().outOfOrder()).isZero();
    }
  }

  @Test
  void shouldComeBackWhenTheBackendAsksItToAndNotBefore() {
    backend.behave(Behaviour.throttling(Duration.ofSeconds(1)));
    try (RetryingSenders senders = senders()) {
      Awaitility.await()
          .during(Duration.ofMillis(600))
          .until(backend::requests, requests -> requests <= LOAD.streams());
      backend.behave(Behaviour.accepting());
      awaitAcknowledged(senders, 100);
    }
  }

  @Test
  void shouldCountWhatIsRefusedForGoodAndGoOn() {
    backend.behave(Behaviour.answering(Status.Code.INVALID_ARGUMENT));
    try (RetryingSenders senders = senders()) {
      Awaitility.await().until(() -> senders.log().refused() >= 100);

      assertThat(senders.log().acknowledged().size()).isZero();
      assertThat(senders.log().repeated()).isZero();
    }
  }

  private RetryingSenders senders() {
    return new RetryingSenders(URI.create(backend.endpoint()).getPort(), LOAD);
  }

  private static void awaitAcknowledged(RetryingSenders senders, long records) {
    Awaitility.await().until(() -> senders.log().acknowledged().size() >= records);
  }

  private void assertAllDelivered(RetryingSenders senders) {
    assertThat(senders.log().acknowledged().missingIn(backend.arrivals().numbers())).isZero();
  }
}
