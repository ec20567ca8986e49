/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.PipelineKind;
import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.manager.cluster.SecretName;
import io.caravan.manager.cluster.SecretsSeen;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.ShardReading;
import io.caravan.plan.shard.Shards;
import io.caravan.standalone.ShippedKamelets;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterPlannerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Overrides PAUSED = Overrides.of(Optional.of("tracing: {paused: true}"));
  private static final SecretsSeen UNREAD =
      new SecretsSeen(
          List.of(), new TreeMap<>(Map.of(new SecretName("apps", "s"), "403 Forbidden")));

  private final PipelineReader reader = new PipelineReader();
  private final PlanMemo memo = new PlanMemo();
  private List<Shard> laidOut = List.of();

  private static SecretsSeen secret(String endpoint) {
    return new SecretsSeen(
        List.of(new Secret("s", "apps", Map.of("k", SecretValue.of(endpoint)))), new TreeMap<>());
  }

  /** One round, as the manager does it. */
  private Plan round(
      Overrides overrides, SecretsSeen secrets, GenericKubernetesResource... pipelines)
      throws IOException {
    Plan last = ShardReading.of(laidOut).plan();
    Plan plan =
        new ClusterPlanner(
                reader.read(List.of(pipelines)), overrides, last, OptionalInt.empty(), memo)
            .plan(secrets, Optional.empty(), ShippedKamelets.read(), NOW);
    laidOut = Shards.of(plan, laidOut, NOW, Shards.BOUND).shards();
    return plan;
  }

  private Plan round(Overrides overrides, GenericKubernetesResource... pipelines)
      throws IOException {
    return round(overrides, SecretsSeen.NONE, pipelines);
  }

  private static List<String> names(Plan plan) {
    return plan.pipelines().stream().map(one -> one.id().name()).toList();
  }

  private static GenericKubernetesResource changed(GenericKubernetesResource one) {
    one.getMetadata().setGeneration(2L);
    return one;
  }

  private static GenericKubernetesResource deleted(GenericKubernetesResource one) {
    one.getMetadata().setDeletionTimestamp("2026-11-22T07:59:00Z");
    return one;
  }

  @Test
  void shouldLetAPipelineGoOnWhoseKindIsPausedWhateverItSaysNow() throws IOException {
    Plan before = round(Overrides.NONE, StoredPipelines.trace("one", "http://a:4317"));

    Plan paused = round(PAUSED, changed(StoredPipelines.trace("one", "http://b:4317")));
    assertThat(paused).isEqualTo(before);

    Plan after = round(Overrides.NONE, changed(StoredPipelines.trace("one", "http://b:4317")));
    assertThat(after).isNotEqualTo(before);
    assertThat(names(after)).containsExactly("one");
  }

  @Test
  void shouldTakeNoNewPipelineOfAPausedKindAndAnyOfAnother() throws IOException {
    GenericKubernetesResource log =
        StoredPipelines.read("LogPipeline", "log", "{otlp: {endpoint: {value: 'http://a:4317'}}}");

    Plan paused = round(PAUSED, StoredPipelines.trace("one", "http://a:4317"), log);

    assertThat(paused.pipelines())
        .extracting(one -> one.id().kind())
        .containsExactly(PipelineKind.LOG);
  }

  @Test
  void shouldDeleteAPipelineWhoseKindIsPausedOnlyWhenItIsNotPausedAnyMore() throws IOException {
    Plan before = round(Overrides.NONE, StoredPipelines.trace("one", "http://a:4317"));

    Plan paused = round(PAUSED);
    assertThat(paused).isEqualTo(before);
    assertThat(ShardReading.of(laidOut).plan()).isEqualTo(before);
    assertThat(round(PAUSED)).as("in the round after that").isEqualTo(before);

    Plan after = round(Overrides.NONE);
    assertThat(after.pipelines()).isEmpty();
    assertThat(ShardReading.of(laidOut).plan().pipelines())
        .extracting(PipelinePlan::deletedAt)
        .containsExactly(Optional.of(NOW));
  }

  @Test
  void shouldNotBringBackWhatWasDeletedBeforeItsKindWasPaused() throws IOException {
    var _ = round(Overrides.NONE, StoredPipelines.trace("one", "http://a:4317"));
    var _ = round(Overrides.NONE);

    Plan paused = round(PAUSED);

    assertThat(paused.pipelines()).isEmpty();
    assertThat(ShardReading.of(laidOut).plan().pipelines())
        .as("it delivers its rest")
        .extracting(PipelinePlan::deletedAt)
        .containsExactly(Optional.of(NOW));
  }

  @Test
  void shouldLetAPipelineGoOnWhoseSecretNobodyCanRead() throws IOException {
    GenericKubernetesResource pipeline = StoredPipelines.traceWithSecret("one", "s", "k");
    PipelinePlan before =
        round(Overrides.NONE, secret("http://a:4317"), pipeline).pipelines().getFirst();

    PipelinePlan after = round(Overrides.NONE, UNREAD, pipeline).pipelines().getFirst();

    assertThat(after.routes()).isPresent().isEqualTo(before.routes());
    assertThat(after.deletedAt()).isEmpty();
    Condition generated = after.configurationGenerated();
    assertThat(generated.status()).isEqualTo(Condition.Status.FALSE);
    assertThat(generated.reason()).isEqualTo("ValidationFailed");
    assertThat(generated.message())
        .contains("Secret 's' of Namespace 'apps' cannot be read (403 Forbidden)")
        .endsWith("; the last version goes on");
  }

  @Test
  void shouldNotSayOfANewPipelineWhoseSecretNobodyCanReadThatAnythingGoesOn() throws IOException {
    PipelinePlan plan =
        round(Overrides.NONE, UNREAD, StoredPipelines.traceWithSecret("one", "s", "k"))
            .pipelines()
            .getFirst();

    assertThat(plan.routes()).isEmpty();
    assertThat(plan.configurationGenerated().message()).doesNotContain("goes on");
  }

  @Test
  void shouldEndADeletedPipelineOfWhichSomethingCannotBeKnown() throws IOException {
    var _ =
        round(
            Overrides.NONE,
            secret("http://a:4317"),
            StoredPipelines.traceWithSecret("one", "s", "k"),
            StoredPipelines.trace("two", "http://a:4317"));
    GenericKubernetesResource invalid =
        deleted(StoredPipelines.read("TracePipeline", "two", "{otlp: {endpoint: {}}}"));
    invalid.getMetadata().setGeneration(2L);

    Plan plan =
        round(
            Overrides.NONE,
            UNREAD,
            deleted(StoredPipelines.traceWithSecret("one", "s", "k")),
            invalid);

    assertThat(plan.pipelines())
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.routes()).as("what delivers the rest").isPresent();
              assertThat(one.deletedAt()).contains(Instant.parse("2026-11-22T07:59:00Z"));
            });
  }

  @Test
  void shouldLetAPipelineGoOnThatAStricterRuleMadeInvalid() throws IOException {
    PipelinePlan before =
        round(Overrides.NONE, StoredPipelines.trace("one", "http://a:4317")).pipelines().getFirst();

    PipelinePlan after =
        round(
                Overrides.NONE,
                changed(StoredPipelines.read("TracePipeline", "one", "{otlp: {endpoint: {}}}")))
            .pipelines()
            .getFirst();

    assertThat(after.routes()).isPresent().isEqualTo(before.routes());
    assertThat(after.configurationGenerated().reason()).isEqualTo("SpecificationInvalid");
    assertThat(after.configurationGenerated().message())
        .contains("spec.output.otlp", "'endpoint'")
        .endsWith("; the last version goes on");
  }

  @Test
  void shouldSayByTheContractsReasonThatAMetricIsNotKnown() throws IOException {
    GenericKubernetesResource stored =
        Serialization.unmarshal(
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: MetricPipeline
            metadata: {name: one, uid: u, generation: 1}
            spec:
              input: {runtime: {enabled: true, additionalMetrics: [k8s.pod.uptime, no.such]}}
              output: {otlp: {endpoint: {value: 'http://a:4317'}}}
            """,
            GenericKubernetesResource.class);

    Condition generated =
        round(Overrides.NONE, stored).pipelines().getFirst().configurationGenerated();

    assertThat(generated.reason()).isEqualTo("RuntimeAdditionalMetricInvalid");
    assertThat(generated.message()).contains("no.such");
  }

  @Test
  void shouldWantTheSecretsOfAllValidPipelinesOnce() {
    List<GenericKubernetesResource> pipelines = new ArrayList<>();
    pipelines.add(StoredPipelines.traceWithSecret("one", "s", "k"));
    pipelines.add(StoredPipelines.traceWithSecret("two", "s", "k"));
    pipelines.add(StoredPipelines.traceWithSecret("three", "t", "k"));

    ClusterPlanner planner =
        new ClusterPlanner(reader.read(pipelines), PAUSED, Plan.EMPTY, OptionalInt.empty(), memo);

    assertThat(planner.secrets()).extracting(one -> one.name()).containsExactly("s", "t");
  }
}
