/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TelemetryReplays of a person with {@code kubectl}, which two gateways work on. */
@ResourceLock(ManagerProcess.LOCK)
class TelemetryReplayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  @TempDir static @Nullable Path data;

  private static final GatewayCluster CLUSTER = new GatewayCluster(API);
  private static @Nullable Parts parts;
  private static @Nullable ManagerProcess manager;

  /** One backend for each signal, so that no test sees what another one sends. */
  private record Parts(
      RawReceiver traces,
      RawReceiver logs,
      RawReceiver metrics,
      RawReceiver late,
      GatewayCluster.Gateway first,
      GatewayCluster.Gateway second,
      KubernetesAccess editor) {}

  @BeforeAll
  static void install() throws IOException {
    RawReceiver traces = new RawReceiver();
    RawReceiver logs = new RawReceiver();
    RawReceiver metrics = new RawReceiver();
    RawReceiver late = new RawReceiver();
    manager = CLUSTER.install().manager("first");
    CLUSTER.apply(
        pipeline("TracePipeline", "demo", traces)
            + RETAIN
            + "---\n"
            + pipeline("LogPipeline", "demo", logs)
            + "---\n"
            + pipeline("MetricPipeline", "demo", metrics)
            + RETAIN);
    Path folder = requireNonNull(data);
    parts =
        new Parts(
            traces,
            logs,
            metrics,
            late,
            CLUSTER.gateway("telemetry-otlp-gateway-first", "node-1", "127.89.0.1", folder),
            CLUSTER.gateway("telemetry-otlp-gateway-second", "node-2", "127.89.0.2", folder),
            CLUSTER.person("editor", "kyma-telemetry-view", "kyma-telemetry-edit"));
    // Who edits pipelines edits replays, which belong to no namespace either.
    API.kubectl()
        .run(
            "create",
            "clusterrolebinding",
            "editor",
            "--clusterrole=kyma-telemetry-edit",
            "--serviceaccount=default:editor");
    API.kubectl()
        .run(
            "create",
            "clusterrolebinding",
            "editor-views",
            "--clusterrole=kyma-telemetry-view",
            "--serviceaccount=default:editor");
  }

  private static final String RETAIN = "  delivery: {retain: {age: 1h, size: 64Mi}}\n";

  private static String pipeline(String kind, String name, RawReceiver backend) {
    return Manifests.pipeline(kind, name, Manifests.otlp("grpc", "none", backend.endpoint()));
  }

  @AfterAll
  static void stop() {
    if (parts != null) {
      parts.first.close();
      parts.second.close();
      parts.traces.close();
      parts.logs.close();
      parts.metrics.close();
      parts.late.close();
    }
    if (manager != null) {
      manager.close();
    }
  }

  private static Parts parts() {
    return requireNonNull(parts);
  }

  private static void send(GatewayCluster.Gateway gateway, OtlpMethod method, int from, int to) {
    try (RawSender sender = gateway.process().sender()) {
      for (int number = from; number <= to; number++) {
        assertThat(sender.send(method, NumberedRequests.request(method, number)).join().isOk())
            .isTrue();
      }
    }
  }

  private static List<Long> numbers(int from, int to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private static void awaitArrived(OtlpMethod method, RawReceiver backend, List<Long> numbers) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(NumberedRequests.received(method, backend))
                    .containsExactlyInAnyOrderElementsOf(numbers));
  }

  /** Creates one with this specification, as kubectl's user does. */
  private static void create(String name, String spec) {
    parts().editor.kubectl().apply(manifest(name, spec));
  }

  private static String manifest(String name, String spec) {
    return """
    apiVersion: caravan.io/v1alpha1
    kind: TelemetryReplay
    metadata: {name: %s}
    spec: {%s}
    """
        .formatted(name, spec);
  }

  private static JsonNode status(String name) {
    return CLUSTER.cluster().get("telemetryreplay", name).path("status");
  }

  private static void awaitCondition(String name, String beginning) {
    CLUSTER.cluster().awaitCondition("telemetryreplay", name, "Succeeded", beginning);
  }

  @Test
  void shouldGiveANewBackendWhatAllNodesHaveDelivered() {
    send(parts().first, OtlpMethod.METRICS, 1, 2);
    send(parts().second, OtlpMethod.METRICS, 3, 5);
    awaitArrived(OtlpMethod.METRICS, parts().metrics, numbers(1, 5));
    CLUSTER.apply(pipeline("MetricPipeline", "late", parts().late));

    create(
        "to-the-late-one",
        "pipeline: metricpipeline/demo, to: metricpipeline/late, from: '%s'"
            .formatted(Instant.now().minusSeconds(3600).toString().substring(0, 19) + "Z"));
    parts()
        .editor
        .kubectl()
        .run(
            "wait",
            "telemetryreplay/to-the-late-one",
            "--for=condition=Succeeded",
            "--timeout=60s");

    awaitArrived(OtlpMethod.METRICS, parts().late, numbers(1, 5));
    assertThat(NumberedRequests.received(OtlpMethod.METRICS, parts().metrics)).hasSize(5);
    JsonNode status = status("to-the-late-one");
    assertThat(status.path("state").asText()).isEqualTo("Completed");
    assertThat(status.path("recordsFound").asLong()).isEqualTo(5);
    assertThat(status.path("recordsReplayed").asLong()).isEqualTo(5);
    assertThat(status.path("startTime").asText()).isNotEmpty();
    assertThat(status.path("completionTime").asText()).isNotEmpty();
    assertThat(status.path("places"))
        .extracting(
            place ->
                "%s %s %d of %d"
                    .formatted(
                        place.path("name").asText(),
                        place.path("state").asText(),
                        place.path("records").asLong(),
                        place.path("recordsFound").asLong()))
        .containsExactly("node-1 done 2 of 2", "node-2 done 3 of 3");
    awaitCondition(
        "to-the-late-one", "True AllReplayed: 5 records are in the backlog of metricpipeline/late");
    assertThat(parts().editor.kubectl().run("get", "telemetryreplays", "to-the-late-one"))
        .containsPattern("to-the-late-one +metricpipeline/demo +Completed +5 +5 ");
  }

  @Test
  void shouldSendTheDeadLettersOfAllNodesAgain() {
    parts().logs.answer(Status.INVALID_ARGUMENT.withDescription("unknown tenant"));
    send(parts().first, OtlpMethod.LOGS, 1, 2);
    send(parts().second, OtlpMethod.LOGS, 3, 3);
    await()
        .atMost(PATIENCE)
        .until(() -> deadLetters(parts().first) == 2 && deadLetters(parts().second) == 1);
    parts().logs.answer(Status.OK);

    create("refused", "pipeline: logpipeline/demo, source: deadLetters");

    awaitCondition("refused", "True AllReplayed: 3 records are in the backlog of logpipeline/demo");
    assertThat(status("refused").path("recordsFound").asLong()).isEqualTo(3);
    awaitArrived(OtlpMethod.LOGS, parts().logs, numbers(1, 3));
  }

  private static long deadLetters(GatewayCluster.Gateway gateway) {
    return gateway
        .process()
        .control("dead-letters-ls", "{}")
        .at("/result/pipelines/0/letters")
        .asLong();
  }

  @Test
  void shouldBeGoneOnWithByTheNextManagerAndEndWhereItIsDeleted() {
    send(parts().first, OtlpMethod.TRACES, 1, 40);
    awaitArrived(OtlpMethod.TRACES, parts().traces, numbers(1, 40));

    create("slow", "pipeline: tracepipeline/demo, rate: 4");
    await().atMost(PATIENCE).until(() -> status("slow").path("recordsReplayed").asLong() > 0);
    requireNonNull(manager).close();
    assertThat(status("slow").path("state").asText()).isEqualTo("Running");
    manager = CLUSTER.manager("second");

    awaitCondition("slow", "True AllReplayed: 40 records");
    assertThat(status("slow").path("recordsFound").asLong()).isEqualTo(40);
    awaitArrived(
        OtlpMethod.TRACES,
        parts().traces,
        Stream.concat(numbers(1, 40).stream(), numbers(1, 40).stream()).toList());

    create("unwanted", "pipeline: tracepipeline/demo, rate: 1");
    await().atMost(PATIENCE).until(() -> status("unwanted").path("recordsReplayed").asLong() > 0);
    parts().editor.kubectl().run("delete", "telemetryreplay", "unwanted");

    parts()
        .first
        .process()
        .process()
        .await(Pattern.compile("replay_ended .*state=STOPPED .*it was stopped"), 1);
    assertThat(NumberedRequests.received(OtlpMethod.TRACES, parts().traces))
        .hasSizeGreaterThanOrEqualTo(80)
        .hasSizeLessThan(120);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("pipeline: demo", "spec.pipeline"),
        Arguments.of(
            "pipeline: tracepipeline/demo, from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z'",
            "'from' must be before 'until'"),
        Arguments.of(
            "pipeline: tracepipeline/demo, to: logpipeline/demo",
            "'to' must be a pipeline of the same signal as 'pipeline'"),
        Arguments.of("pipeline: tracepipeline/demo, rate: 0", "spec.rate"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldBeRefusedAtOnceWhereItMakesNoSense(String spec, String expected) {
    assertThat(parts().editor.kubectl().refusal(manifest("invalid", spec))).contains(expected);
  }

  @Test
  void shouldSayWhatIsWrongWithOneThatCannotBegin() {
    create("of-nobody", "pipeline: tracepipeline/nobody");
    create("too-early", "pipeline: tracepipeline/demo, from: '2126-01-01T00:00:00Z'");
    create("not-retained", "pipeline: logpipeline/demo");

    awaitCondition(
        "of-nobody", "Unknown PipelineNotFound: there is no pipeline 'tracepipeline/nobody'");
    awaitCondition(
        "too-early",
        "False SpecificationInvalid: spec.from is 2126-01-01T00:00:00Z, which is not past yet");
    awaitCondition(
        "not-retained",
        "Unknown WaitingForPods: pod telemetry-otlp-gateway-first: logpipeline/demo retains nothing of what it has delivered; set spec.delivery.retain");
    assertThat(status("too-early").path("state").asText()).isEqualTo("Failed");
  }
}
