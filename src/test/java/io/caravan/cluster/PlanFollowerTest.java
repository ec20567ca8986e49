/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.api.Remainder;
import io.caravan.node.PipelineState;
import io.caravan.plan.Digest;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.Shards;
import io.caravan.standalone.DataPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFollowerTest {
  private static final Plan FIRST = plan("a");
  private static final Plan SECOND = plan("b");

  @TempDir Path folder;
  private final Recorder plane = new Recorder();
  private final AtomicReference<SortedMap<Integer, Shard>> watched =
      new AtomicReference<>(new TreeMap<>());

  @Test
  void shouldRunWhatTheApiServerHasAndFollowIt() {
    watched.set(shards(FIRST));
    try (PlanFollower follower = follower(Duration.ofDays(1))) {
      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));

      watched.set(shards(SECOND));
      follower.changed();

      await()
          .atMost(Duration.ofSeconds(2))
          .untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST, SECOND));
    }
  }

  @Test
  void shouldWaitWhileNothingIsKnown() {
    try (PlanFollower follower = follower(Duration.ZERO)) {
      await().during(Duration.ofMillis(300)).until(plane.plans::isEmpty);

      watched.set(shards(FIRST));
      follower.changed();

      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));
    }
  }

  @Test
  void shouldRunWhatIsMountedWhileTheApiServerIsAway() throws IOException {
    mount(FIRST);
    try (PlanFollower follower = follower(Duration.ZERO)) {
      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));

      watched.set(shards(SECOND));
      follower.changed();

      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST, SECOND));
    }
  }

  @Test
  void shouldKeepTheBacklogsOfWhatRanLastWhereNothingElseIsThere() throws IOException {
    watched.set(shards(FIRST));
    try (PlanFollower _ = follower(Duration.ZERO)) {
      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));
    }
    assertThat(Files.readString(folder.resolve(LastPlan.FILE))).doesNotContain("the-secret");
    plane.plans.clear();
    watched.set(new TreeMap<>());

    try (PlanFollower _ = follower(Duration.ZERO)) {
      await().until(() -> !plane.plans.isEmpty());

      PipelinePlan kept = plane.plans.getFirst().pipelines().getFirst();
      assertThat(kept.id()).isEqualTo(FIRST.pipelines().getFirst().id());
      assertThat(kept.routes()).isEmpty();
      assertThat(kept.deletedAt()).isEmpty();
    }
  }

  @Test
  void shouldTryAgainWhatCouldNotBeApplied() {
    watched.set(shards(FIRST));
    try (PlanFollower follower = follower(Duration.ofDays(1))) {
      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));
      plane.failures.set(2);

      watched.set(shards(SECOND));
      follower.changed();

      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST, SECOND));
      assertThat(plane.failures).hasValue(0);
    }
  }

  @Test
  void shouldTellTheManagerWhatRuns() {
    watched.set(shards(FIRST));
    try (PlanFollower follower = follower(Duration.ZERO)) {
      await().untilAsserted(() -> assertThat(plane.plans).containsExactly(FIRST));

      String json =
          new PlanReport(
                  "gateway-x",
                  "worker-1",
                  follower,
                  plane,
                  () -> new PlanReport.Undelivered(812, 1))
              .json();

      assertThat(json)
          .contains(
              "\"instance\":\"gateway-x\"",
              "\"node\":\"worker-1\"",
              "\"pipeline\":\"tracepipeline/demo\"",
              "\"uid\":\"u1\"",
              "\"planned\":\"" + digest("a") + "\"",
              "\"running\":\"" + digest("a") + "\"",
              "\"remainder\":{\"until\":\"1970-01-01T00:00:00Z\",\"records\":7,\"bytes\":70}",
              "\"undelivered\":{\"bytes\":812,\"folders\":1}")
          .doesNotContain("the-secret", "loadError");
    }
  }

  private PlanFollower follower(Duration patience) {
    PlanFollower follower =
        new PlanFollower(
            watched::get,
            new PlanMount(Optional.of(folder.resolve("mount"))),
            new LastPlan(folder),
            plane,
            patience);
    follower.start(
        () -> {},
        e -> {
          throw new AssertionError(e);
        });
    return follower;
  }

  /** As the kubelet does it: files in a folder behind a link. */
  private void mount(Plan plan) throws IOException {
    for (Shard shard : shards(plan).values()) {
      write("config", shard.name(), shard.config());
      write("secret", shard.name(), shard.secret());
    }
  }

  private void write(String kind, String name, Map<String, String> data) throws IOException {
    Path volume = folder.resolve("mount").resolve(kind).resolve(name);
    Path content = Files.createDirectories(volume.resolve("..2026_11_21"));
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("..2026_11_21"));
    for (Map.Entry<String, String> each : data.entrySet()) {
      Files.writeString(content.resolve(each.getKey()), each.getValue());
      Files.createSymbolicLink(
          volume.resolve(each.getKey()), Path.of("..data").resolve(each.getKey()));
    }
  }

  private static SortedMap<Integer, Shard> shards(Plan plan) {
    SortedMap<Integer, Shard> shards = new TreeMap<>();
    Shards.of(plan, List.of(), Instant.EPOCH, Shards.BOUND)
        .shards()
        .forEach(shard -> shards.put(shard.number(), shard));
    return shards;
  }

  private static String digest(String version) {
    return new Digest().add(version).toHex();
  }

  private static Plan plan(String version) {
    return new Plan(
        List.of(
            new PipelinePlan(
                new PipelineId(PipelineKind.TRACE, "demo", "u1"),
                new Condition(
                    "ConfigurationGenerated", Condition.Status.TRUE, "GatewayConfigured", "It is"),
                List.of(),
                Delivery.DEFAULT,
                Optional.of(
                    new PipelineRoutes(
                        digest(version),
                        "tracepipeline-demo-" + digest(version),
                        "- templatedRoute: {}\n",
                        new PlannedKamelet("console-sink", "console-sink-1", "kind: Kamelet\n"),
                        new TreeMap<>(Map.of("token", new PlanValue.Secret("the-secret"))),
                        "console-sink")))));
  }

  /** Runs whatever it is given at once. */
  private static final class Recorder implements DataPlane {
    private final List<Plan> plans = new CopyOnWriteArrayList<>();

    /** How many times it is to fail. */
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public void start(Plan plan) {
      plans.add(plan);
    }

    @Override
    public void apply(Plan plan) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("it fails");
      }
      plans.add(plan);
    }

    @Override
    public List<PipelineState> states() {
      return plans.getLast().pipelines().stream()
          .map(
              each -> {
                String digest = each.routes().map(PipelineRoutes::digest).orElse(null);
                return new PipelineState(each.id(), digest, digest, null);
              })
          .toList();
    }

    @Override
    public SortedMap<PipelineId, Remainder> remainders() {
      return new TreeMap<>(
          Map.of(plans.getLast().pipelines().getFirst().id(), new Remainder(Instant.EPOCH, 7, 70)));
    }

    @Override
    public void close() {}
  }
}
