/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.manager.probe.FlowSample.Counts;
import io.caravan.manager.status.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whether telemetry flows")
class FlowJudgeTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo", "u1");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long MIB = 1 << 20;

  private final FlowJudge judge = new FlowJudge();
  private Instant now = START;

  @Test
  void shouldBeUnknownUntilAReadyPodHasTold() {
    assertThat(flow("a")).isEqualTo(Flow.UNKNOWN);

    saw("a", counts(0, 0, 0));

    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);
    assertThat(flow("b")).isEqualTo(Flow.UNKNOWN);
    assertThat(judge.of(DEMO, List.of(), now)).isEqualTo(Flow.UNKNOWN);
  }

  @Test
  void shouldBeUnknownWhenNobodyHasToldForAWhile() {
    saw("a", counts(0, 0, 0));

    now = now.plus(FlowJudge.STALE).plusSeconds(1);

    assertThat(flow("a")).isEqualTo(Flow.UNKNOWN);
  }

  @Test
  void shouldBeHealthyWhileRecordsAreDelivered() {
    saw("a", counts(10, 0, 0));
    later("a", counts(20, 0, 0));

    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldNotJudgeWhatWasCountedBeforeItLooked() {
    saw("a", counts(0, 500, 500));
    later("a", counts(0, 500, 500));

    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldTellOfRecordsThatAreLostAndRecoverAfterTheWindow() {
    saw("a", counts(0, 0, 0));
    boolean changed = later("a", counts(0, 1, 0));

    assertThat(changed).isTrue();
    assertThat(flow("a")).isEqualTo(Flow.ALL_DROPPED);
    assertThat(later("a", counts(5, 1, 0))).isTrue();
    assertThat(flow("a")).isEqualTo(Flow.SOME_DROPPED);

    boolean recovered = false;
    Instant over = now.plus(FlowJudge.WINDOW);
    for (int delivered = 6; now.isBefore(over); delivered++) {
      recovered |= later("a", counts(delivered, 1, 0));
    }
    assertThat(recovered).isTrue();
    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldSayThatAllIsLostOnlyWhereNoPodDelivers() {
    saw("a", counts(0, 0, 0));
    saw("b", counts(0, 0, 0));
    now = now.plusSeconds(30);
    saw("a", counts(0, 7, 0));
    saw("b", counts(0, 0, 0));
    assertThat(flow("a", "b")).isEqualTo(Flow.ALL_DROPPED);

    later("b", counts(3, 0, 0));

    assertThat(flow("a", "b")).isEqualTo(Flow.SOME_DROPPED);
    judge.forget("a");
    assertThat(flow("a", "b")).isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldTellOfSendersThatAreAskedToComeAgain() {
    saw("a", counts(0, 0, 0));
    later("a", counts(9, 0, 4));

    assertThat(flow("a")).isEqualTo(Flow.THROTTLING);
  }

  @Test
  void shouldTellOfABufferThatFillsUp() {
    saw("a", new Counts(1, 0, 0, 79 * MIB, 100 * MIB, 5));
    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);

    later("a", new Counts(2, 0, 0, 80 * MIB, 100 * MIB, 5));

    assertThat(flow("a")).isEqualTo(Flow.BUFFER_FILLING_UP);
  }

  @Test
  void shouldTellOfABackendThatTakesNothingThoughNothingIsLostYet() {
    saw("a", waiting(10, 20));
    later("a", waiting(10, 50));
    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);

    later("a", waiting(10, 80));
    assertThat(flow("a")).isEqualTo(Flow.NOTHING_DELIVERED);

    later("a", waiting(11, 110));
    assertThat(flow("a")).as("it drains").isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldTakeAnotherProcessForANewBeginning() {
    saw("a", counts(10, 3, 2));

    now = now.plusSeconds(30);
    judge.saw("a", sample("later", counts(900, 40, 50)), now);
    assertThat(flow("a")).as("it goes on in a folder with more").isEqualTo(Flow.HEALTHY);

    now = now.plusSeconds(30);
    judge.saw("a", sample("later", counts(900, 41, 50)), now);
    assertThat(flow("a")).isEqualTo(Flow.ALL_DROPPED);
  }

  @Test
  void shouldNotTakeCountsThatFallForALoss() {
    saw("a", counts(10, 3, 2));
    later("a", counts(0, 0, 0));
    later("a", counts(0, 0, 0));

    assertThat(flow("a")).isEqualTo(Flow.HEALTHY);
  }

  @Test
  void shouldTellTheWorstOfAllPods() {
    saw("a", counts(0, 0, 0));
    saw("b", new Counts(0, 0, 0, 90, 100, 0));
    later("a", counts(0, 0, 8));

    assertThat(flow("a", "b")).isEqualTo(Flow.BUFFER_FILLING_UP);
  }

  @Test
  void shouldOnlyAskForAnotherLookWhenAnotherIsWorthIt() {
    assertThat(saw("a", counts(0, 0, 0))).isTrue();
    assertThat(later("a", counts(100, 0, 0))).isFalse();
    now = now.plus(Duration.ofMinutes(3));
    assertThat(saw("a", counts(200, 0, 0))).as("it was silent").isTrue();
  }

  private Flow flow(String... pods) {
    return judge.of(DEMO, List.of(pods), now);
  }

  private boolean later(String pod, Counts counts) {
    now = now.plusSeconds(30);
    return saw(pod, counts);
  }

  private boolean saw(String pod, Counts counts) {
    return judge.saw(pod, sample("first", counts), now);
  }

  private static FlowSample sample(String started, Counts counts) {
    return new FlowSample(started, Map.of(DEMO, counts));
  }

  private static Counts counts(long delivered, long lost, long throttled) {
    return new Counts(delivered, lost, throttled, 0, 100, 0);
  }

  private static Counts waiting(long delivered, long seconds) {
    return new Counts(delivered, 0, 0, 10, 100, seconds);
  }
}
