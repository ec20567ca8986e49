/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static io.caravan.signal.KeepingPipelines.DOWN;
import static io.caravan.signal.KeepingPipelines.QUICK;
import static io.caravan.signal.KeepingPipelines.REFUSES;
import static io.caravan.signal.KeepingPipelines.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Retain;
import io.caravan.journal.JournalSettings;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Reply;
import io.caravan.signal.ReplayProgress.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
@DisplayName("What was delivered and is retained")
class RetainedReplayTest {
  private static final String A = "tracepipeline/a";
  private static final String B = "tracepipeline/b";
  private static final ReplayWindow ALL =
      new ReplayWindow(Optional.empty(), Optional.empty(), Optional.empty());
  private static final Delivery RETAINS = retaining(Duration.ofHours(1), 1 << 30);

  @TempDir Path data;
  private KeepingPipelines pipelines;

  @BeforeEach
  void open() {
    pipelines = new KeepingPipelines(data);
    pipelines.plan("a", RETAINS);
  }

  @AfterEach
  void close() {
    pipelines.close();
  }

  @Test
  void shouldGoToAnotherPipelineAndStayForTheNextReplay() throws Exception {
    send(3, 4, 5);
    pipelines.plan("b", QUICK);

    ReplayProgress end = replay(A, B, ALL);

    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(end.records()).isEqualTo(12);
    assertThat(end.found()).hasValue(12);
    assertThat(end.about()).contains("tracepipeline/a retains 12 records");
    await().untilAsserted(() -> assertThat(pipelines.arrived("b")).isEqualTo(12));
    assertThat(pipelines.arrived("a")).isEqualTo(12);
    assertThat(replay(A, B, ALL).records()).isEqualTo(12);
  }

  @Test
  void shouldNotBeRetainedTwiceWhenItGoesToItsOwnPipelineAgain() throws Exception {
    send(3, 4);

    assertThat(replay(A, A, ALL).records()).isEqualTo(7);

    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(14));
    pipelines.awaitDelivered("a");
    assertThat(replay(A, A, ALL).records()).isEqualTo(7);
  }

  @Test
  void shouldBeThereAfterARestart() throws Exception {
    send(3, 4);
    pipelines.restart();
    send(5);
    pipelines.plan("b", QUICK);

    assertThat(replay(A, B, ALL).records()).isEqualTo(12);

    await().untilAsserted(() -> assertThat(pipelines.arrived("b")).isEqualTo(12));
  }

  @Test
  void shouldNotContainWhatIsStillToBeDelivered() throws Exception {
    send(3);
    pipelines.backend("a", DOWN);
    pipelines.send(TestBatches.spans(4));
    pipelines.plan("b", QUICK);

    ReplayProgress end = replay(A, B, ALL);
    assertThat(end.records()).isEqualTo(3);
    assertThat(end.found()).hasValue(3);

    pipelines.backend("a", UP);
    pipelines.awaitDelivered("a");
    assertThat(replay(A, B, ALL).records()).isEqualTo(7);
  }

  @Test
  void shouldNotContainWhatWasRefused() throws Exception {
    send(3);
    pipelines.backend("a", REFUSES);
    pipelines.send(TestBatches.spans(4));
    pipelines.awaitDelivered("a");
    await().until(() -> companionRecords() == 3);
    pipelines.backend("a", UP);
    send(5);

    assertThat(replay(A, A, ALL).records()).isEqualTo(8);
    // And is kept when its dead letter was replayed, and then delivered.
    assertThat(pipelines.awaitEnd(pipelines.replays().deadLetters(A, List.of())).records())
        .isEqualTo(4);
    pipelines.awaitDelivered("a");
    assertThat(replay(A, A, ALL).records()).isEqualTo(12);
  }

  @Test
  void shouldBeNarrowedByTimeAndNamespace() throws Exception {
    pipelines.send(TestBatches.spansOf("shop", "other"));
    Instant between = nextMillisecond();
    pipelines.send(TestBatches.spansOf("shop", "", "shop", "other"));
    pipelines.send(TestBatches.spansOf("other"));
    Instant end = nextMillisecond();
    pipelines.send(TestBatches.spansOf("shop"));
    pipelines.awaitDelivered("a");
    pipelines.plan("b", QUICK);
    Optional<String> shop = Optional.of("shop");

    assertThat(records(Optional.empty(), Optional.of(between), Optional.empty())).isEqualTo(2);
    assertThat(records(Optional.of(between), Optional.of(end), Optional.empty())).isEqualTo(5);
    assertThat(records(Optional.of(between), Optional.of(end), shop)).isEqualTo(2);
    assertThat(records(Optional.of(between), Optional.empty(), shop)).isEqualTo(3);
    assertThat(records(Optional.of(end.plusSeconds(60)), Optional.empty(), shop)).isZero();
  }

  @Test
  void shouldBeSentAtTheRateThatIsWanted() throws Exception {
    send(30);
    pipelines.plan("b", QUICK);
    long began = System.nanoTime();

    long replay = pipelines.replays().retained(A, B, ALL, OptionalInt.of(20));

    // Half of them at once, the others when these had their time.
    assertThat(pipelines.awaitEnd(replay).records()).isEqualTo(30);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(745));
    await().untilAsserted(() -> assertThat(pipelines.arrived("b")).isEqualTo(30));
  }

  @Test
  void shouldLeaveTheBufferOfTheOtherPipelineToLiveData() throws Exception {
    for (int i = 0; i < 40; i++) {
      pipelines.send(TestBatches.spans(1000));
    }
    pipelines.awaitDelivered("a");
    long size = pipelines.journal().retained().bytes(pipelines.place("a")) / 2;
    pipelines.backend("b", DOWN);
    pipelines.plan("b", buffered(size));

    long replay = pipelines.replays().retained(A, B, ALL, OptionalInt.empty());

    await()
        .until(() -> pipelines.replays().progress(replay).orElseThrow().state() == State.WAITING);
    assertThat(pipelines.place("b").pendingBytes()).isBetween(1L, size / 8);
    assertThat(pipelines.replays().progress(replay).orElseThrow().note())
        .contains("as the backend takes it");
    pipelines.backend("b", UP);
    assertThat(pipelines.awaitEnd(replay).records()).isEqualTo(40_000);
    await().untilAsserted(() -> assertThat(pipelines.arrived("b")).isEqualTo(40_000));
  }

  @Test
  void shouldGoWhenItIsTooOld() {
    pipelines.plan("a", retaining(Duration.ofMillis(1), 1 << 30));
    send(3, 4);

    await().until(() -> companionRecords() == 0);
    assertThat(pipelines.place("a").pendingRecords()).isZero();
  }

  @Test
  void shouldBeTheNewestAsFarAsItsSizeGoes() throws Exception {
    pipelines.plan("a", retaining(Duration.ofHours(1), 10_000));
    for (int i = 0; i < 30; i++) {
      send(100);
    }

    await().until(() -> pipelines.journal().retained().bytes(pipelines.place("a")) <= 10_000);
    long left = companionRecords();
    assertThat(left).isBetween(100L, 1_500L);
    assertThat(replay(A, A, ALL).records()).isEqualTo(left);
  }

  @Test
  void shouldGiveWayWhenLiveDataNeedsTheJournal() {
    pipelines.close();
    pipelines = new KeepingPipelines(data, JournalSettings.of(100_000).withFreePercent(0));
    pipelines.plan("a", RETAINS);
    pipelines.plan("b", QUICK);
    // Three times of what the journal may hold, of which nothing is refused.
    for (int i = 0; i < 100; i++) {
      assertThat(pipelines.send(TestBatches.spans(300))).isInstanceOf(Reply.Taken.class);
    }
    pipelines.awaitDelivered("a");
    pipelines.awaitDelivered("b");

    await().until(() -> pipelines.journal().retained().excess() == 0);

    assertThat(pipelines.journal().retained().bytes(pipelines.place("a")))
        .isBetween(50_000L, 100_000L);
  }

  @Test
  void shouldGoWhenThePipelineRetainsNothingAnyMore() {
    send(3);
    pipelines.plan("a", QUICK);

    assertThat(pipelines.journal().retained().find(pipelines.place("a"))).isEmpty();
    assertThatThrownBy(() -> replay(A, A, ALL))
        .hasMessageContaining("retains nothing", "spec.delivery.retain");
  }

  @Test
  void shouldCostNothingWhereNothingIsRetained() {
    pipelines.plan("b", QUICK);
    send(3);

    assertThat(pipelines.journal().retained().find(pipelines.place("b"))).isEmpty();
  }

  private long records(Optional<Instant> from, Optional<Instant> until, Optional<String> namespace)
      throws Exception {
    ReplayProgress end = replay(A, B, new ReplayWindow(from, until, namespace));
    assertThat(end.found())
        .as("the namespace stands in the payload")
        .isEqualTo(namespace.isPresent() ? OptionalLong.empty() : OptionalLong.of(end.records()));
    return end.records();
  }

  private ReplayProgress replay(String from, String to, ReplayWindow window)
      throws ReplayRefusedException {
    return pipelines.awaitEnd(pipelines.replays().retained(from, to, window, OptionalInt.empty()));
  }

  private void send(int... sizes) {
    for (int size : sizes) {
      pipelines.send(TestBatches.spans(size));
    }
    pipelines.awaitDelivered("a");
  }

  private long companionRecords() {
    return pipelines.journal().retained().place(pipelines.place("a")).pendingRecords();
  }

  /** Later than what was sent before, earlier than what is sent now. */
  private static Instant nextMillisecond() {
    long before = System.currentTimeMillis();
    await().until(() -> System.currentTimeMillis() > before);
    return Instant.ofEpochMilli(before + 1);
  }

  private static Delivery retaining(Duration age, long size) {
    return with(QUICK.buffer(), Optional.of(new Retain(Optional.of(age), Optional.of(size))));
  }

  private static Delivery buffered(long size) {
    return with(new Delivery.Buffer(size, Duration.ofHours(1)), Optional.empty());
  }

  private static Delivery with(Delivery.Buffer buffer, Optional<Retain> retain) {
    return new Delivery(
        QUICK.acknowledge(),
        buffer,
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        retain,
        QUICK.holdInput());
  }
}
