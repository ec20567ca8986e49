/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.Digest;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Plans as a planner could give them: of a seed, or with what a test varies. */
final class GeneratedPlans {
  private static final String[] ODD = {
    "",
    "plain",
    "two\nlines",
    "\"quoted\"",
    "{{placeholder}}",
    "tab\tand \\",
    "ünïcödé 🚚",
    "\u0000\u0001"
  };

  private final Random random;

  GeneratedPlans(long seed) {
    random = new Random(seed);
  }

  static Plan of(PipelinePlan... pipelines) {
    return of(List.of(pipelines));
  }

  static Plan of(List<PipelinePlan> pipelines) {
    return new Plan(pipelines.stream().sorted(Comparator.comparing(PipelinePlan::id)).toList());
  }

  /** Another of that name with the same secret is equal. */
  static PipelinePlan pipeline(String name, String secret) {
    return pipeline(
        new PipelineId(PipelineKind.TRACE, name, "uid-of-" + name),
        Map.of(
            "endpoint", new PlanValue.Referenced("http://" + secret + ".example"),
            "key", new PlanValue.Secret(secret),
            "compression", new PlanValue.Literal("gzip")),
        "kind: Kamelet\n");
  }

  static PipelinePlan pipeline(PipelineId id, Map<String, PlanValue> values, String kamelet) {
    Digest content = new Digest().add(id.place()).add(kamelet);
    new TreeMap<>(values).forEach((name, value) -> content.add(name).add(value.text()));
    String digest = content.toHex();
    String templateId = "otlp-grpc-sink-" + new Digest().add(kamelet).toHex();
    String routeId = id.kind().singular() + "-" + id.name() + "-" + digest;
    return new PipelinePlan(
        id,
        new Condition(
            "ConfigurationGenerated", Condition.Status.TRUE, "GatewayConfigured", "It is"),
        List.of(),
        Delivery.DEFAULT,
        Optional.of(
            new PipelineRoutes(
                digest,
                routeId,
                "- templatedRoute:\n    routeId: \"%s\"\n    parameters: []\n".formatted(routeId),
                new PlannedKamelet("otlp-grpc-sink", templateId, kamelet),
                new TreeMap<>(values),
                "otlp-grpc-sink to somewhere")));
  }

  static PipelinePlan with(PipelinePlan pipeline, Delivery delivery) {
    return new PipelinePlan(
        pipeline.id(),
        pipeline.configurationGenerated(),
        pipeline.notices(),
        delivery,
        pipeline.deletedAt(),
        pipeline.routes());
  }

  static PipelinePlan withoutRoutes(PipelinePlan pipeline) {
    return new PipelinePlan(
        pipeline.id(),
        new Condition("ConfigurationGenerated", Condition.Status.FALSE, "EndpointInvalid", "No"),
        List.of(),
        pipeline.delivery(),
        pipeline.deletedAt(),
        Optional.empty());
  }

  Plan plan() {
    int size = random.nextInt(40);
    List<PipelinePlan> pipelines = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pipelines.add(any("p" + i + (random.nextBoolean() ? ".x" : "")));
    }
    return of(pipelines);
  }

  private PipelinePlan any(String name) {
    PipelineId id =
        new PipelineId(
            any(PipelineKind.values()),
            random.nextInt(8) == 0 ? name + "-x".repeat(110 - name.length() / 2) : name,
            random.nextInt(4) == 0 ? "" : "uid-" + random.nextInt());
    Map<String, PlanValue> values = new TreeMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String text = any(ODD) + random.nextInt();
      values.put(
          "value" + i,
          switch (random.nextInt(3)) {
            case 0 -> new PlanValue.Literal(text);
            case 1 -> new PlanValue.Referenced(text);
            default -> new PlanValue.Secret(text);
          });
    }
    PipelinePlan plan = pipeline(id, values, "kind: Kamelet # " + random.nextInt(3) + any(ODD));
    PipelinePlan noticed =
        new PipelinePlan(
            id,
            plan.configurationGenerated(),
            random.nextBoolean() ? List.of() : List.of(any(ODD), any(ODD)),
            delivery(),
            random.nextInt(4) == 0
                ? Optional.of(Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt()))
                : Optional.empty(),
            plan.routes());
    return random.nextInt(5) == 0 ? withoutRoutes(noticed) : noticed;
  }

  private Delivery delivery() {
    return new Delivery(
        any(Delivery.Acknowledge.values()),
        new Delivery.Buffer(1 + random.nextLong(Long.MAX_VALUE - 1), duration()),
        any(Delivery.WhenFull.values()),
        any(Delivery.Order.values()),
        new Delivery.Retry(duration(), duration()),
        duration(),
        switch (random.nextInt(4)) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(new Delivery.Retain(Optional.of(duration()), Optional.empty()));
          case 2 -> Optional.of(new Delivery.Retain(Optional.empty(), Optional.of(1L << 40)));
          default -> Optional.of(new Delivery.Retain(Optional.of(duration()), Optional.of(7L)));
        },
        duration());
  }

  private Duration duration() {
    return Duration.ofNanos(random.nextLong(1L << (1 + random.nextInt(62))));
  }

  private <T> T any(T[] all) {
    return all[random.nextInt(all.length)];
  }
}
