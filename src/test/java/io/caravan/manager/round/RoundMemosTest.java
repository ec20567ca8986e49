/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.plan.Mode;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.Planner;
import io.caravan.plan.Snapshot;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.Shards;
import io.caravan.standalone.ShippedKamelets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is remembered of rounds never changes what they come to. */
class RoundMemosTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private final PlanMemo memo = new PlanMemo();
  private final ShardMemo shards = new ShardMemo();

  @Test
  void shouldPlanOnlyThePipelineThatHasChanged() throws IOException {
    Snapshot first = snapshot(pipelines(50, 0), "secret", NOW, OptionalInt.empty());
    Plan before = memo.plan(first);
    List<Pipeline> changed = new ArrayList<>(pipelines(50, 0));
    changed.set(7, pipeline(7, 1));

    Plan after = memo.plan(snapshot(changed, "secret", NOW, OptionalInt.empty()));

    assertThat(before).isEqualTo(Planner.plan(first));
    assertThat(after)
        .isEqualTo(Planner.plan(snapshot(changed, "secret", NOW, OptionalInt.empty())));
    assertThat(sameObjects(before, after)).isEqualTo(49);
  }

  @Test
  void shouldPlanAgainWhoseSecretHasChanged() throws IOException {
    List<Pipeline> pipelines = new ArrayList<>(pipelines(10, 0));
    pipelines.add(withSecret());
    Plan before = memo.plan(snapshot(pipelines, "one", NOW, OptionalInt.empty()));
    Snapshot next = snapshot(pipelines, "two", NOW, OptionalInt.empty());

    Plan after = memo.plan(next);

    assertThat(after).isEqualTo(Planner.plan(next)).isNotEqualTo(before);
    assertThat(sameObjects(before, after)).isEqualTo(10);
  }

  @Test
  void shouldPlanEverythingAgainSomeTimeLaterAndNotAllAtOnce() throws IOException {
    List<Pipeline> pipelines = pipelines(100, 0);
    Plan before = memo.plan(snapshot(pipelines, "one", NOW, OptionalInt.empty()));

    Instant between = NOW.plus(PlanMemo.HOLDS.multipliedBy(3).dividedBy(2));
    Plan partly = memo.plan(snapshot(pipelines, "one", between, OptionalInt.empty()));
    Instant end = NOW.plus(PlanMemo.HOLDS.multipliedBy(4));
    Plan after = memo.plan(snapshot(pipelines, "one", end, OptionalInt.empty()));

    assertThat(sameObjects(before, partly)).isBetween(1L, 99L);
    assertThat(sameObjects(before, after)).isZero();
  }

  @Test
  void shouldForgetPipelinesThatAreGone() throws IOException {
    var _ = memo.plan(snapshot(pipelines(10, 0), "one", NOW, OptionalInt.empty()));

    Plan after = memo.plan(snapshot(pipelines(3, 0), "one", NOW, OptionalInt.empty()));

    assertThat(after.pipelines()).hasSize(3);
  }

  @Test
  void shouldDecideAmongAllWhereTheNumberIsLimited() throws IOException {
    Snapshot limited = snapshot(pipelines(10, 0), "one", NOW, OptionalInt.of(4));
    var _ = memo.plan(snapshot(pipelines(10, 0), "one", NOW, OptionalInt.empty()));

    assertThat(memo.plan(limited)).isEqualTo(Planner.plan(limited));
  }

  @Test
  void shouldLayOutAsShardsDoWhateverComesAndGoes() throws IOException {
    List<Shard> standing = List.of();
    Instant now = NOW;
    for (int round = 0; round < 12; round++) {
      List<Pipeline> pipelines = new ArrayList<>(pipelines(20 + 7 * (round % 4), 0));
      pipelines.set(round, pipeline(round, round));
      Plan plan = memo.plan(snapshot(pipelines, "one", now, OptionalInt.empty()));

      Shards next = shards.next(plan, standing, Set.of(), now);

      assertThat(next).isEqualTo(Shards.of(plan, standing, now, Shards.BOUND));
      standing = next.shards();
      now = now.plusSeconds(7200);
    }
  }

  @Test
  void shouldLeaveOutADeletedPipelineOfWhichNothingIsLeft() throws IOException {
    Plan all = memo.plan(snapshot(pipelines(20, 0), "one", NOW, OptionalInt.empty()));
    List<Shard> before = shards.next(all, List.of(), Set.of(), NOW).shards();
    Plan fewer = memo.plan(snapshot(pipelines(19, 0), "one", NOW, OptionalInt.empty()));
    PipelineId gone = pipeline(19, 0).id();

    List<Shard> delivering = shards.next(fewer, before, Set.of(), NOW).shards();
    assertThat(ids(shards.plan(delivering))).contains(gone);

    List<Shard> after = shards.next(fewer, delivering, Set.of(gone), NOW).shards();
    assertThat(ids(shards.plan(after))).doesNotContain(gone).hasSize(19);
  }

  private static List<PipelineId> ids(Plan plan) {
    return plan.pipelines().stream().map(PipelinePlan::id).toList();
  }

  @Test
  void shouldKeepTheShardsOfWhatHasNotChanged() throws IOException {
    Plan plan = memo.plan(snapshot(pipelines(50, 0), "one", NOW, OptionalInt.empty()));
    List<Shard> before = shards.next(plan, List.of(), Set.of(), NOW).shards();
    List<Pipeline> changed = new ArrayList<>(pipelines(50, 0));
    changed.set(7, pipeline(7, 1));

    Plan next = memo.plan(snapshot(changed, "one", NOW, OptionalInt.empty()));
    List<Shard> after = shards.next(next, before, Set.of(), NOW).shards();

    for (Shard each : after) {
      Shard old = before.get(each.number());
      if (each.number() == Shard.of(changed.get(7).id())) {
        assertThat(each).isNotEqualTo(old);
      } else {
        assertThat(each).isSameAs(old);
      }
    }
    assertThat(shards.plan(after)).isEqualTo(next);
  }

  private static long sameObjects(Plan one, Plan other) {
    return one.pipelines().stream()
        .filter(each -> other.pipelines().stream().anyMatch(same -> isSame(each, same)))
        .count();
  }

  @SuppressWarnings("ReferenceEquality") // whether it was planned again is what is asked
  private static boolean isSame(PipelinePlan one, PipelinePlan other) {
    return one == other;
  }

  private static List<Pipeline> pipelines(int count, int version) {
    List<Pipeline> pipelines = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      pipelines.add(pipeline(number, version));
    }
    return pipelines;
  }

  private static Pipeline pipeline(int number, int version) {
    return read("p" + number, "value: http://backend-%d:4317".formatted(version));
  }

  private static Pipeline withSecret() {
    return read("secretive", "valueFrom: {secretKeyRef: {name: s, namespace: n, key: k}}");
  }

  private static Pipeline read(String name, String endpoint) {
    String manifest =
        """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: TracePipeline
        metadata: {name: %s}
        spec: {output: {otlp: {endpoint: {%s}}}}
        """
            .formatted(name, endpoint);
    return ManifestReader.read(manifest, "test.yaml").pipelines().getFirst().resource();
  }

  private static Snapshot snapshot(
      List<Pipeline> pipelines, String secret, Instant now, OptionalInt most) throws IOException {
    List<KameletSource> kamelets = ShippedKamelets.read();
    return new Snapshot(
        pipelines,
        Optional.empty(),
        List.of(new Secret("s", "n", Map.of("k", SecretValue.of("http://" + secret + ":4317")))),
        kamelets,
        Mode.CLUSTER,
        now,
        most);
  }
}
