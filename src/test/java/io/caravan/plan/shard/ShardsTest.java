/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import static io.caravan.plan.shard.GeneratedPlans.pipeline;
import static io.caravan.plan.shard.GeneratedPlans.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShardsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void shouldReadBackEveryPlanAsItWasLaidOut() {
    for (long seed = 0; seed < 300; seed++) {
      Plan plan = new GeneratedPlans(seed).plan();

      Shards shards = shards(plan, List.of());

      ShardReading reading = ShardReading.of(shards.shards());
      assertThat(reading.unread()).as("seed %d", seed).isEmpty();
      assertThat(reading.plan()).as("seed %d", seed).isEqualTo(plan);
      assertThat(shards.refused()).isEmpty();
      assertThat(shards.shards()).hasSize(Shard.COUNT);
      assertThat(shards(plan, shards.shards())).as("seed %d", seed).isEqualTo(shards);
    }
  }

  @Test
  void shouldWriteKeysThatTheApiServerTakes() {
    for (long seed = 0; seed < 100; seed++) {
      for (Shard shard : shards(new GeneratedPlans(seed).plan(), List.of()).shards()) {
        assertThat(shard.config().keySet()).allMatch(key -> key.matches("[-._a-zA-Z0-9]{1,253}"));
        assertThat(shard.config().keySet()).containsAll(shard.secret().keySet());
      }
    }
  }

  @Test
  void shouldShowNoValueInAConfigMap() {
    for (long seed = 0; seed < 100; seed++) {
      Plan plan = new GeneratedPlans(seed).plan();

      String config =
          String.join(
              "",
              shards(plan, List.of()).shards().stream()
                  .flatMap(shard -> shard.config().values().stream())
                  .toList());

      values(plan).forEach(text -> assertThat(config).doesNotContain(text));
    }
  }

  @Test
  void shouldWriteTheTwoObjectsOfTheOnePipelineThatChanged() {
    List<PipelinePlan> pipelines =
        new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> pipeline("p" + i, "a")).toList());
    Shards before = shards(GeneratedPlans.of(pipelines), List.of());
    pipelines.set(42, pipeline("p42", "rotated"));

    Shards after = shards(GeneratedPlans.of(pipelines), before.shards());

    int changed = Shard.of(pipelines.get(42).id());
    for (int number = 0; number < Shard.COUNT; number++) {
      Shard one = after.shards().get(number);
      Shard other = before.shards().get(number);
      if (number == changed) {
        assertThat(differing(one.config(), other.config())).containsExactly("tracepipeline.p42");
        assertThat(differing(one.secret(), other.secret())).containsExactly("tracepipeline.p42");
      } else {
        assertThat(one).isEqualTo(other);
      }
    }
  }

  @Test
  void shouldWriteNoSecretForAChangedDelivery() {
    PipelinePlan pipeline = pipeline("demo", "a");
    Shards before = shards(GeneratedPlans.of(pipeline), List.of());

    Shards after =
        shards(
            GeneratedPlans.of(with(pipeline, Delivery.DEFAULT.acknowledging(Acknowledge.MEMORY))),
            before.shards());

    Shard one = after.shards().get(Shard.of(pipeline.id()));
    Shard other = before.shards().get(Shard.of(pipeline.id()));
    assertThat(one.config()).isNotEqualTo(other.config());
    assertThat(one.secret()).isEqualTo(other.secret());
  }

  @Test
  void shouldKeepADeletedPipelineForItsTimeBesideTheNewOneOfItsName() {
    PipelinePlan old = pipeline("demo", "a");
    PipelinePlan other =
        pipeline(
            new PipelineId(PipelineKind.TRACE, "demo", "another"),
            Map.of("key", new PlanValue.Secret("b")),
            "kind: Kamelet");
    Shards before = shards(GeneratedPlans.of(old), List.of());

    Shards both = shards(GeneratedPlans.of(other), before.shards());
    Shards later =
        Shards.of(
            GeneratedPlans.of(other), both.shards(), NOW.plus(Duration.ofMinutes(5)), Shards.BOUND);
    Shards over =
        Shards.of(
            GeneratedPlans.of(other),
            later.shards(),
            NOW.plus(Duration.ofMinutes(12)),
            Shards.BOUND);

    assertThat(ShardReading.of(both.shards()).plan())
        .isEqualTo(GeneratedPlans.of(old.deleted(NOW), other));
    assertThat(later).isEqualTo(both);
    assertThat(ShardReading.of(over.shards()).plan()).isEqualTo(GeneratedPlans.of(other));
  }

  @Test
  void shouldHaveRoomForAThousandPipelinesWithClientCertificates() throws IOException {
    Map<String, PlanValue> values =
        Map.of(
            "endpoint", new PlanValue.Referenced("https://backend.of.a.customer.example.com:4317"),
            "ca", new PlanValue.Secret(pem(2_000)),
            "cert", new PlanValue.Secret(pem(4_000)),
            "key", new PlanValue.Secret(pem(1_704)));
    List<PipelineKind> kinds = List.of(PipelineKind.values());
    Plan plan =
        GeneratedPlans.of(
            IntStream.range(0, 1_000)
                .mapToObj(
                    i ->
                        pipeline(
                            new PipelineId(
                                kinds.get(i % 3),
                                "a-pipeline-of-an-average-name-" + i,
                                "01234567-89ab-cdef-0123-456789abcdef"),
                            values,
                            shippedKamelet()))
                .toList());

    Shards shards = shards(plan, List.of());

    assertThat(shards.refused()).isEmpty();
    assertThat(ShardReading.of(shards.shards()).plan()).isEqualTo(plan);
    long config = shards.shards().stream().mapToLong(one -> bytes(one.config())).max().orElse(0);
    long secret = shards.shards().stream().mapToLong(one -> bytes(one.secret())).max().orElse(0);
    assertThat(config).isLessThan(250_000);
    assertThat(secret).isLessThan(Shards.BOUND * 3 / 4);
  }

  @Test
  void shouldRefuseByNameWhatDoesNotFitAndLetItsLastVersionGoOn() {
    PipelinePlan small = pipeline("demo", "small");
    PipelinePlan neighbour = pipeline("neighbour", "small");
    Shards before = Shards.of(GeneratedPlans.of(small, neighbour), List.of(), NOW, 10_000);
    PipelinePlan large = pipeline("demo", "large".repeat(2_000));

    Shards after = Shards.of(GeneratedPlans.of(large, neighbour), before.shards(), NOW, 10_000);

    assertThat(after.shards()).isEqualTo(before.shards());
    assertThat(after.refused()).containsOnlyKeys(large.id());
    Condition condition = Objects.requireNonNull(after.refused().get(large.id()));
    assertThat(condition.status()).isEqualTo(Condition.Status.FALSE);
    assertThat(condition.reason()).isEqualTo("ConfigurationTooLarge");
    assertThat(condition.message())
        .contains("telemetry-plan-", "room for 10000", "the last version goes on")
        .doesNotContain("large");
  }

  @Test
  void shouldLetNobodyThatIsThereGiveWayToAnotherThatIsNew() {
    List<PipelinePlan> shard = inOneShard(4);
    Shards before = shards(GeneratedPlans.of(shard.subList(1, 4)), List.of());
    long full = bytes(before.shards().get(5).config());

    Shards after = Shards.of(GeneratedPlans.of(shard), before.shards(), NOW, full + 10);

    assertThat(after.shards()).isEqualTo(before.shards());
    assertThat(after.refused()).containsOnlyKeys(shard.getFirst().id());
    assertThat(Objects.requireNonNull(after.refused().get(shard.getFirst().id())).message())
        .doesNotContain("goes on");
  }

  @Test
  void shouldTakeOneThatGrewIntoTheRoomThatALaterOneLeaves() {
    List<PipelinePlan> two = inOneShard(2);
    String first = two.getFirst().id().name();
    String second = two.getLast().id().name();
    Shards before =
        Shards.of(
            GeneratedPlans.of(pipeline(first, "a"), pipeline(second, "b".repeat(4_000))),
            List.of(),
            NOW,
            10_000);
    Plan swapped = GeneratedPlans.of(pipeline(first, "a".repeat(4_000)), pipeline(second, "b"));

    Shards after = Shards.of(swapped, before.shards(), NOW, 10_000);

    assertThat(after.refused()).isEmpty();
    assertThat(ShardReading.of(after.shards()).plan()).isEqualTo(swapped);
  }

  private static List<PipelinePlan> inOneShard(int count) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> pipeline("p%03d".formatted(i), "a"))
        .filter(one -> Shard.of(one.id()) == 5)
        .limit(count)
        .toList();
  }

  private static Shards shards(Plan plan, List<Shard> before) {
    return Shards.of(plan, before, NOW, Long.MAX_VALUE);
  }

  private static Stream<String> values(Plan plan) {
    return plan.pipelines().stream()
        .flatMap(one -> one.routes().stream())
        .flatMap(routes -> routes.values().values().stream())
        .filter(value -> !(value instanceof PlanValue.Literal))
        .map(PlanValue::text);
  }

  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    return Stream.concat(one.keySet().stream(), other.keySet().stream())
        .distinct()
        .filter(key -> !Objects.equals(one.get(key), other.get(key)))
        .toList();
  }

  private static long bytes(Map<String, String> data) {
    return data.entrySet().stream()
        .mapToLong(each -> Shard.bytes(each.getKey()) + Shard.bytes(each.getValue()))
        .sum();
  }

  /** Lines as PEM has them, which JSON makes longer. */
  private static String pem(int bytes) {
    return ("x".repeat(64) + "\n").repeat(bytes / 65 + 1).substring(0, bytes);
  }

  private static String shippedKamelet() {
    try (InputStream in =
        ShardsTest.class.getResourceAsStream("/kamelets/otlp-grpc-sink.kamelet.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
