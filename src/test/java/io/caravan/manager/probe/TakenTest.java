/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.Digest;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.plan.PlannedKamelet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Which pods run what they are to run")
class TakenTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo", "u1");
  private static final Instant CHANGED = Instant.parse("2026-01-01T00:00:00Z");
  private static final PlannedDigests PLANNED =
      PlannedDigests.NONE.next(plan(pipeline("new")), CHANGED);
  private static final Instant SOON = CHANGED.plusSeconds(29);
  private static final Instant LATE = CHANGED.plus(Taken.PATIENCE);

  @Test
  void shouldBeSilentWhereAllPodsRunIt() {
    Taken taken = Taken.of(PLANNED, List.of(running("a", "new"), running("b", "new")), LATE);

    assertThat(taken.failures()).isEmpty();
    assertThat(taken.outstanding()).isEmpty();
  }

  @Test
  void shouldGiveAPodHalfAMinute() {
    Taken taken = Taken.of(PLANNED, List.of(running("a", "old"), running("b", "new")), SOON);

    assertThat(taken.failures()).isEmpty();
    assertThat(taken.outstanding()).containsExactly("a");
  }

  @Test
  void shouldNameAReadyPodThatHasNotTakenAChange() {
    Taken taken =
        Taken.of(
            PLANNED,
            List.of(running("telemetry-otlp-gateway-x", "old"), running("y", "new")),
            LATE);

    assertThat(taken.failure(DEMO))
        .contains(
            "Pod telemetry-otlp-gateway-x has not taken the change of TracePipeline demo within 30 s");
    assertThat(taken.outstanding()).containsExactly("telemetry-otlp-gateway-x");
  }

  @Test
  void shouldSayWhyWhereThatIsKnown() {
    PodView silent =
        new PodView("a", CHANGED, Optional.empty(), Optional.of("it does not answer within 2 s"));
    PodView unread =
        new PodView(
            "b",
            CHANGED,
            Optional.of(new PodReport(Map.of(), Map.of(DEMO, "its secret is older"))),
            Optional.empty());

    assertThat(Taken.of(PLANNED, List.of(silent), LATE).failure(DEMO).orElseThrow())
        .endsWith("within 30 s: it does not answer within 2 s");
    assertThat(Taken.of(PLANNED, List.of(unread), LATE).failure(DEMO).orElseThrow())
        .endsWith("within 30 s: its secret is older");
  }

  @Test
  void shouldTellALoadErrorAtOnceAndAskThatPodNoOftener() {
    Taken taken =
        Taken.of(
            PLANNED,
            List.of(running("a", "old"), failing("b", "new", "No endpoint could be found")),
            CHANGED.plusSeconds(1));

    assertThat(taken.failure(DEMO))
        .contains("Pod b cannot load TracePipeline demo: No endpoint could be found");
    assertThat(taken.outstanding()).containsExactly("a");
  }

  @Test
  void shouldNotTakeTheErrorOfAnEarlierVersionForThisOnes() {
    Taken taken = Taken.of(PLANNED, List.of(failing("a", "old", "No such host")), SOON);

    assertThat(taken.failures()).isEmpty();
    assertThat(taken.outstanding()).containsExactly("a");
  }

  @Test
  void shouldCountThePodsThatItDoesNotName() {
    Taken taken =
        Taken.of(
            PLANNED,
            List.of(running("c", "old"), failing("b", "new", "broken"), running("a", "old")),
            LATE);

    assertThat(taken.failure(DEMO))
        .contains("Pod b cannot load TracePipeline demo: broken (and 2 more)");
  }

  @Test
  void shouldKeepTheMessageShort() {
    PodView a = failing("a", "new", "x".repeat(40_000));
    PodView b = failing("b", "new", "y");

    assertThat(Taken.of(PLANNED, List.of(a, b), LATE).failure(DEMO).orElseThrow())
        .hasSize(Taken.LONGEST)
        .endsWith("x… (and 1 more)");
  }

  @Test
  void shouldGiveAPodThatHasJustBecomeReadyItsTimeToo() {
    PodView fresh = new PodView("a", LATE.minusSeconds(1), Optional.empty(), Optional.empty());

    assertThat(Taken.of(PLANNED, List.of(fresh), LATE).failures()).isEmpty();
  }

  @Test
  void shouldNotAskInAHurryForEver() {
    Taken taken = Taken.of(PLANNED, List.of(running("a", "old")), CHANGED.plus(Taken.HURRY));

    assertThat(taken.failures()).containsKey(DEMO);
    assertThat(taken.outstanding()).isEmpty();
  }

  @Test
  void shouldKnowAnotherPipelineOfTheSameName() {
    PlannedDigests again =
        PlannedDigests.NONE.next(
            plan(pipeline(new PipelineId(PipelineKind.TRACE, "demo", "u2"), "new")), CHANGED);

    assertThat(Taken.of(again, List.of(running("a", "new")), LATE).failures()).hasSize(1);
  }

  @Test
  void shouldKeepTheTimeOfAPipelineThatIsAsItWas() {
    PlannedDigests same = PLANNED.next(plan(pipeline("new")), LATE);
    PlannedDigests changed = PLANNED.next(plan(pipeline("newer")), LATE);

    assertThat(same).isEqualTo(PLANNED);
    assertThat(changed.versions())
        .containsEntry(DEMO, new PlannedDigests.Version(digest("newer"), LATE));
  }

  @Test
  void shouldExpectNothingOfWhatIsDeletedOrHasNoRoutes() {
    PipelinePlan none =
        new PipelinePlan(
            DEMO, condition(), List.of(), Delivery.DEFAULT, Optional.empty(), Optional.empty());

    assertThat(PLANNED.next(plan(pipeline("new").deleted(LATE)), LATE))
        .isEqualTo(PlannedDigests.NONE);
    assertThat(PLANNED.next(plan(none), LATE)).isEqualTo(PlannedDigests.NONE);
  }

  @Test
  void shouldJudgeAThousandPipelinesOfAThousandPodsInOneLook() {
    PipelinePlan[] plans = new PipelinePlan[1_000];
    Map<PipelineId, PodReport.Taking> takings = new TreeMap<>();
    for (int i = 0; i < plans.length; i++) {
      PipelineId id = new PipelineId(PipelineKind.TRACE, "demo-" + i, "u" + i);
      plans[i] = pipeline(id, "new");
      takings.put(id, taking("new"));
    }
    PlannedDigests planned = PlannedDigests.NONE.next(plan(plans), CHANGED);
    Optional<PodReport> report = Optional.of(new PodReport(takings, Map.of()));
    PodView[] pods = new PodView[1_000];
    Arrays.setAll(pods, i -> new PodView("pod-" + i, CHANGED, report, Optional.empty()));

    assertThat(Taken.of(planned, List.of(pods), LATE).failures()).isEmpty();
  }

  private static PodView running(String pod, String version) {
    return view(pod, taking(version));
  }

  private static PodView failing(String pod, String version, String error) {
    return view(
        pod,
        new PodReport.Taking(
            Optional.of(digest(version)),
            Optional.of(digest("before")),
            Optional.of(error),
            false,
            Optional.empty()));
  }

  private static PodReport.Taking taking(String version) {
    return new PodReport.Taking(
        Optional.of(digest(version)),
        Optional.of(digest(version)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static PodView view(String pod, PodReport.Taking taking) {
    return new PodView(
        pod, CHANGED, Optional.of(new PodReport(Map.of(DEMO, taking), Map.of())), Optional.empty());
  }

  private static Plan plan(PipelinePlan... pipelines) {
    return new Plan(List.of(pipelines));
  }

  private static PipelinePlan pipeline(String version) {
    return pipeline(DEMO, version);
  }

  private static PipelinePlan pipeline(PipelineId id, String version) {
    return new PipelinePlan(
        id,
        condition(),
        List.of(),
        Delivery.DEFAULT,
        Optional.of(
            new PipelineRoutes(
                digest(version),
                "route-" + digest(version),
                "- templatedRoute: {}\n",
                new PlannedKamelet("console-sink", "console-sink-1", "kind: Kamelet\n"),
                new TreeMap<>(),
                "console-sink")));
  }

  private static Condition condition() {
    return new Condition(
        "ConfigurationGenerated", Condition.Status.TRUE, "GatewayConfigured", "It is");
  }

  private static String digest(String version) {
    return new Digest().add(version).toHex();
  }
}
