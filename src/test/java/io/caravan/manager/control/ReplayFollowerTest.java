/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A TelemetryReplay")
class ReplayFollowerTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T08:00:00Z");
  private static final Set<String> PIPELINES = Set.of("tracepipeline/demo", "tracepipeline/new");

  private final Statuses statuses = new Statuses();
  private final Map<String, PodAnswer> answers = new HashMap<>();
  private final List<String> given = new ArrayList<>();
  private ReplayFollower follower = follower();
  private Instant now = CREATED;

  private ReplayFollower follower() {
    return new ReplayFollower(
        (pod, command, arguments) -> {
          given.add("%s %s %s".formatted(pod.name(), command, arguments));
          return CompletableFuture.completedFuture(
              answers.getOrDefault(pod.name(), new PodAnswer.Silent(pod.name(), "silent")));
        },
        statuses);
  }

  /** Remembers what is written, as an API server does. */
  private static final class Statuses implements ReplayFollower.Store {
    private final Map<String, ObjectNode> all = new HashMap<>();
    private Optional<String> failure = Optional.empty();

    @Override
    public JsonNode current(GenericKubernetesResource resource) {
      return all.getOrDefault(
          resource.getMetadata().getUid(), JsonNodeFactory.instance.objectNode());
    }

    @Override
    public Optional<String> write(GenericKubernetesResource resource, ObjectNode status) {
      if (failure.isEmpty()) {
        all.put(resource.getMetadata().getUid(), status);
      }
      return failure;
    }

    @Override
    public void retain(List<GenericKubernetesResource> there) {}
  }

  private static GenericKubernetesResource replay(String name, Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("caravan.io/v1alpha1")
        .withKind("TelemetryReplay")
        .withNewMetadata()
        .withName(name)
        .withUid("uid-" + name)
        .withGeneration(1L)
        .withCreationTimestamp(CREATED.toString())
        .endMetadata()
        .withAdditionalProperties(Map.of("spec", spec))
        .build();
  }

  private static GenericKubernetesResource replay() {
    return replay("one", Map.of("pipeline", "tracepipeline/demo"));
  }

  private static Pod pod(String name, String node, String ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid("uid-" + name)
        .addNewOwnerReference()
        .withKind("DaemonSet")
        .withName("telemetry-otlp-gateway")
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withPodIP("127.0.0.1")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod pod(String name, String node) {
    return pod(name, node, "True");
  }

  private void tells(String pod, String state, long records, long found) {
    answers.put(
        pod,
        new PodAnswer.Done(
            pod,
            JsonNodeFactory.instance
                .objectNode()
                .put("replay", 7)
                .put("state", state)
                .put("records", records)
                .put("found", found)));
  }

  private void sees(List<Pod> pods, GenericKubernetesResource... replays) {
    follower.see(List.of(replays), pods, PIPELINES);
  }

  private void seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now = now.plusSeconds(1);
      follower.follow(now);
    }
  }

  private ObjectNode status(String name) {
    return Objects.requireNonNull(statuses.all.get("uid-" + name));
  }

  private String condition(String name) {
    JsonNode condition = status(name).at("/conditions/0");
    return "%s %s %s: %s"
        .formatted(
            condition.path("type").asText(),
            condition.path("status").asText(),
            condition.path("reason").asText(),
            condition.path("message").asText());
  }

  @Test
  void shouldBeWrittenDownBeforeAnythingBegins() {
    tells("a", "running", 3, 10);
    sees(List.of(pod("a", "node-1")), replay());

    seconds(1);

    assertThat(given).isEmpty();
    assertThat(status("one").path("startTime").asText()).isEqualTo("2026-01-01T08:00:01Z");
    seconds(1);
    assertThat(given)
        .containsExactly(
            "a replay {\"key\":\"uid-one\",\"unattendedSeconds\":300,\"pipeline\":\"tracepipeline/demo\","
                + "\"to\":\"tracepipeline/demo\",\"from\":null,\"until\":\"2026-01-01T08:00:01Z\","
                + "\"namespace\":null,\"rate\":null}");
    assertThat(status("one").path("recordsReplayed").asLong()).isEqualTo(3);
    assertThat(status("one").path("recordsFound").asLong()).isEqualTo(10);
  }

  @Test
  void shouldSumAllNodesAndEndWhenEachIsDone() {
    tells("a", "done", 3, 3);
    tells("b", "running", 1, 4);
    sees(List.of(pod("a", "node-1"), pod("b", "node-2")), replay());

    seconds(2);

    assertThat(condition("one")).startsWith("Succeeded Unknown Running: ");
    tells("b", "done", 4, 4);
    seconds(1);
    assertThat(condition("one"))
        .isEqualTo(
            "Succeeded True AllReplayed: 7 records are in the backlog of tracepipeline/demo");
    int asked = given.size();
    seconds(2);
    assertThat(given).as("nobody is asked when it is over").hasSize(asked);
  }

  @Test
  void shouldBeGoneOnWithByAManagerThatKnowsNothingButItsStatus() {
    tells("a", "done", 3, 3);
    tells("b", "running", 1, 4);
    List<Pod> pods = List.of(pod("a", "node-1"), pod("b", "node-2"));
    sees(pods, replay());
    seconds(2);
    String first = given.getLast();
    given.clear();

    follower = follower();
    sees(pods, replay());
    seconds(1);

    assertThat(given)
        .as("the same key and the same end, and not where it is done")
        .containsExactly(first);
  }

  @Test
  void shouldWaitForAPodThatIsNotReadyAndForOneThatIsSilent() {
    tells("a", "done", 3, 3);
    sees(List.of(pod("a", "node-1"), pod("b", "node-2", "False"), pod("c", "node-3")), replay());

    seconds(200);

    assertThat(condition("one"))
        .isEqualTo(
            "Succeeded Unknown WaitingForPods: waits for pod b, which is not ready; waits for pod c: silent");
  }

  @Test
  void shouldGiveUpANodeWhosePodRefusesForAMinute() {
    tells("a", "done", 3, 3);
    answers.put("b", new PodAnswer.Refused("b", "it retains nothing"));
    sees(List.of(pod("a", "node-1"), pod("b", "node-2")), replay());

    seconds(30);
    assertThat(condition("one"))
        .isEqualTo("Succeeded Unknown WaitingForPods: pod b: it retains nothing");

    seconds(60);
    assertThat(condition("one"))
        .isEqualTo("Succeeded False NotAllReplayed: node-2: failed: it retains nothing");
  }

  @Test
  void shouldGiveUpANodeWhosePodIsGoneForAMinute() {
    tells("a", "done", 3, 3);
    tells("b", "running", 1, 4);
    sees(List.of(pod("a", "node-1"), pod("b", "node-2")), replay());
    seconds(3);
    sees(List.of(pod("a", "node-1")), replay());

    seconds(30);
    assertThat(status("one").path("state").asText()).isEqualTo("Running");
    seconds(60);

    assertThat(condition("one"))
        .isEqualTo(
            "Succeeded False NotAllReplayed: node-2: failed: its pod is gone, and none has come in its place");
    assertThat(status("one").path("recordsReplayed").asLong()).isEqualTo(4);
  }

  @Test
  void shouldGoOnWithThePodThatComesToTheNode() {
    tells("b", "running", 1, 4);
    sees(List.of(pod("b", "node-2")), replay());
    seconds(3);
    tells("c", "done", 4, 4);

    sees(List.of(pod("c", "node-2")), replay());
    seconds(1);

    assertThat(condition("one")).startsWith("Succeeded True AllReplayed: 4 records");
  }

  @Test
  void shouldBeStoppedWhenItIsDeletedAlsoWhileSomebodyHoldsItsDeletionUp() {
    tells("a", "running", 1, 4);
    sees(List.of(pod("a", "node-1")), replay());
    seconds(2);
    given.clear();
    GenericKubernetesResource ending = replay();
    ending.getMetadata().setDeletionTimestamp(CREATED.toString());

    sees(List.of(pod("a", "node-1")), ending);
    seconds(3);

    assertThat(given).containsExactly("a replay-stop {\"replay\":7}");
  }

  @Test
  void shouldWaitAMinuteForItsPipelineAndThenFail() {
    sees(
        List.of(pod("a", "node-1")),
        replay("one", Map.of("pipeline", "tracepipeline/none", "to", "tracepipeline/nobody")));

    seconds(1);

    assertThat(condition("one"))
        .isEqualTo(
            "Succeeded Unknown PipelineNotFound: there is no pipeline 'tracepipeline/none'; there is no pipeline 'tracepipeline/nobody'");
    assertThat(status("one").path("state").asText()).isEqualTo("Pending");
    seconds(60);
    assertThat(condition("one")).startsWith("Succeeded False PipelineNotFound: there is no");
    assertThat(given).isEmpty();
  }

  @Test
  void shouldFailWhenNothingCanHaveComeInItsTime() {
    sees(
        List.of(pod("a", "node-1")),
        replay("one", Map.of("pipeline", "tracepipeline/demo", "from", "2027-01-01T00:00:00Z")));

    seconds(1);

    assertThat(condition("one"))
        .isEqualTo(
            "Succeeded False SpecificationInvalid: spec.from is 2027-01-01T00:00:00Z, which is not past yet: nothing has been accepted since");
  }

  @Test
  void shouldFailWhenADefinitionHasLetAnInvalidOneIn() {
    sees(List.of(pod("a", "node-1")), replay("one", Map.of("pipeline", "demo")));

    seconds(1);

    assertThat(condition("one")).startsWith("Succeeded False SpecificationInvalid: ");
    assertThat(condition("one")).contains("spec.pipeline");
  }

  @Test
  void shouldAskForDeadLettersWithoutATime() {
    tells("a", "done", 3, 3);
    sees(
        List.of(pod("a", "node-1")),
        replay("one", Map.of("pipeline", "tracepipeline/demo", "source", "deadLetters")));

    seconds(2);

    assertThat(given)
        .containsExactly(
            "a dead-letters-replay {\"key\":\"uid-one\",\"unattendedSeconds\":300,\"pipeline\":\"tracepipeline/demo\"}");
  }

  @Test
  void shouldLetFourGoAtOnceAndTheOldestFirst() {
    tells("a", "running", 0, 4);
    GenericKubernetesResource[] five = new GenericKubernetesResource[5];
    for (int i = 0; i < five.length; i++) {
      five[i] = replay("r" + i, Map.of("pipeline", "tracepipeline/demo"));
    }
    sees(List.of(pod("a", "node-1")), five);

    seconds(2);

    assertThat(condition("r4")).isEqualTo("Succeeded Unknown OthersGoFirst: 4 others go first");
    tells("a", "done", 4, 4);
    seconds(3);
    assertThat(condition("r4")).startsWith("Succeeded True ");
  }

  @Test
  void shouldTryAgainWhatCouldNotBeWritten() {
    tells("a", "done", 3, 3);
    sees(List.of(pod("a", "node-1")), replay());
    seconds(1);

    statuses.failure = Optional.of("no API server");
    seconds(2);
    assertThat(status("one").path("state").asText()).isEqualTo("Running");
    statuses.failure = Optional.empty();
    seconds(1);

    assertThat(status("one").path("state").asText()).isEqualTo("Completed");
  }
}
