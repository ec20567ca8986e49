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
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Buffer;
import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.journal.deadletters.StoredDeadLetter;
import io.caravan.otlp.NoLeaks;
import io.caravan.signal.ReplayProgress.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
@DisplayName("Dead letters that are replayed")
class DeadLetterReplayTest {
  private static final String A = "tracepipeline/a";

  @TempDir Path data;
  private KeepingPipelines pipelines;

  @BeforeEach
  void open() {
    pipelines = new KeepingPipelines(data);
    pipelines.plan("a", QUICK);
  }

  @AfterEach
  void close() {
    pipelines.close();
  }

  @Test
  void shouldArriveWhenTheBackendIsRepairedAndBeDeadLettersNoMore() throws Exception {
    bury(3, 4, 5);
    pipelines.backend("a", UP);

    ReplayProgress end = replayAll();

    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(end.batches()).isEqualTo(3);
    assertThat(end.records()).isEqualTo(12);
    assertThat(end.found()).hasValue(12);
    assertThat(end.leftOut()).isZero();
    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(12));
    assertThat(pipelines.deadRecords("a")).isZero();
    pipelines.awaitDelivered("a");
  }

  @Test
  void shouldBeDeadLettersAgainWhenTheyAreRefusedAgainAndNotBeSentForEver() throws Exception {
    bury(3, 4);

    ReplayProgress end = replayAll();

    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(end.records()).isEqualTo(7);
    pipelines.awaitDelivered("a");
    assertThat(pipelines.deadRecords("a")).isEqualTo(7);
  }

  @Test
  void shouldStayDeadLettersUntilTheyAreInTheBacklogAndStayThereAfterARestart() throws Exception {
    bury(3, 4);
    pipelines.backend("a", DOWN);
    assertThat(replayAll().state()).isEqualTo(State.DONE);
    assertThat(pipelines.place("a").pendingRecords()).isEqualTo(7);
    assertThat(pipelines.deadRecords("a")).isZero();

    pipelines.restart();
    pipelines.backend("a", UP);

    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(7));
  }

  @Test
  void shouldCountAsAcceptedAgainWithTheOriginReplay() throws Exception {
    bury(3, 4);
    pipelines.backend("a", UP);

    replayAll();
    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(7));
    pipelines.awaitDelivered("a");

    assertThat(records("accepted", "live")).isEqualTo(7);
    assertThat(records("dead_lettered", "live")).isEqualTo(7);
    assertThat(records("accepted", "replay")).isEqualTo(7);
    assertThat(records("delivered", "replay")).isEqualTo(7);
  }

  private double records(String result, String origin) {
    return pipelines
        .meters()
        .get("caravan.pipeline.records")
        .tags("pipeline", A, "origin", origin, "result", result)
        .functionCounter()
        .count();
  }

  @Test
  void shouldSendOnlyThoseThatAreNamed() throws Exception {
    bury(3, 4, 5);
    pipelines.backend("a", UP);
    DeadLetterId second = letters().get(1).id();

    ReplayProgress end =
        pipelines.awaitEnd(
            pipelines.replays().deadLetters(A, List.of(second, new DeadLetterId(A, 8))));

    assertThat(end.records()).isEqualTo(4);
    assertThat(end.reasons()).singleElement().asString().contains(A + "@8 is there no longer");
    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(4));
    assertThat(letters()).extracting(letter -> letter.header().records()).containsExactly(3, 5);
  }

  @Test
  void shouldWaitWhereTheBufferHasNoRoomAndStopWhenToldSo() throws Exception {
    bury(1000, 1000, 1000);
    pipelines.backend("a", DOWN);
    pipelines.plan("a", bounded(8 * 1024));

    long replay = pipelines.replays().deadLetters(A, List.of());

    await()
        .untilAsserted(
            () ->
                assertThat(pipelines.replays().progress(replay).orElseThrow().state())
                    .isEqualTo(State.WAITING));
    assertThatThrownBy(() -> pipelines.replays().deadLetters(A, List.of()))
        .hasMessageContaining("already");
    ReplayProgress stopped = pipelines.replays().stop(replay).orElseThrow();
    assertThat(stopped.state()).isEqualTo(State.STOPPED);
    assertThat(stopped.batches()).isEqualTo(1);
    assertThat(letters()).hasSize(2);
  }

  @Test
  void shouldGoOnWhenTheBackendTakesThem() throws Exception {
    bury(1000, 1000, 1000);
    pipelines.backend("a", DOWN);
    pipelines.plan("a", bounded(8 * 1024));
    long replay = pipelines.replays().deadLetters(A, List.of());
    await()
        .untilAsserted(
            () ->
                assertThat(pipelines.replays().progress(replay).orElseThrow().state())
                    .isEqualTo(State.WAITING));

    pipelines.backend("a", UP);

    assertThat(pipelines.awaitEnd(replay).records()).isEqualTo(3000);
    await().untilAsserted(() -> assertThat(pipelines.arrived("a")).isEqualTo(3000));
  }

  @Test
  void shouldBeRefusedByNameWhereTheyCannotGo() {
    pipelines.plan("direct", QUICK.acknowledging(Acknowledge.DELIVERED));

    assertThatThrownBy(() -> pipelines.replays().deadLetters("tracepipeline/none", List.of()))
        .hasMessage(
            "there is no pipeline 'tracepipeline/none'; there are: tracepipeline/a, tracepipeline/direct");
    assertThatThrownBy(
            () ->
                pipelines
                    .replays()
                    .deadLetters(A, List.of(new DeadLetterId("tracepipeline/direct", 1))))
        .hasMessageContaining("is a dead letter of tracepipeline/direct");
  }

  private ReplayProgress replayAll() throws ReplayRefusedException {
    return pipelines.awaitEnd(pipelines.replays().deadLetters(A, List.of()));
  }

  private void bury(int... sizes) {
    pipelines.backend("a", REFUSES);
    long records = 0;
    for (int size : sizes) {
      pipelines.send(TestBatches.spans(size));
      // One by one, so that each is a letter of its own.
      records += size;
      long expected = records;
      await().untilAsserted(() -> assertThat(pipelines.deadRecords("a")).isEqualTo(expected));
    }
    pipelines.awaitDelivered("a");
  }

  private List<StoredDeadLetter> letters() throws IOException {
    return pipelines.deadLetters().list(A, 100).letters();
  }

  private static Delivery bounded(long bytes) {
    return new Delivery(
        QUICK.acknowledge(),
        new Buffer(bytes, Duration.ofHours(1)),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }
}
