/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.acceptance.fixture.GatewayProcess;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code caravan gateway} follows the plan at a real API server, with no rights but those that are
 * shipped.
 */
class GatewayProcessTest {
  /** From the end of the apply to the swap. */
  private static final Duration SWAP = Duration.ofSeconds(2);

  private static final AtomicLong NUMBERS = new AtomicLong();

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static @Nullable KubernetesAccess user;

  @TempDir Path folder;
  private final RawReceiver backend = new RawReceiver();
  private final RawReceiver other = new RawReceiver();
  private @Nullable PlannedCluster planned;
  private @Nullable GatewayProcess started;

  GatewayProcessTest() throws IOException {}

  @BeforeAll
  static void install() {
    user = PlannedCluster.install(API);
  }

  @BeforeEach
  void begin() {
    planned = new PlannedCluster(API);
    started =
        new GatewayProcess(
                Objects.requireNonNull(user).kubeconfig(), folder.resolve("data"), "gateway-a")
            .lookingForLeaks();
  }

  @AfterEach
  void end() {
    gateway().close();
    backend.close();
    other.close();
    API.startAgain();
  }

  private PlannedCluster cluster() {
    return Objects.requireNonNull(planned);
  }

  private GatewayProcess gateway() {
    return Objects.requireNonNull(started);
  }

  @Test
  void shouldRunThePlanOfTheClusterAndSwapAChangeWithinTwoSeconds() {
    cluster().with(traces("demo", backend)).with(traces("quiet", backend)).apply();
    gateway().start();
    assertThat(delivered(backend)).isTrue();
    JsonNode quiet = gateway().plan("tracepipeline/quiet");

    List<String> written = cluster().with(traces("demo", other)).apply();

    awaitRunning("tracepipeline/demo", SWAP);
    assertThat(written).as("one pipeline, one shard").hasSize(2);
    assertThat(delivered(other)).isTrue();
    assertThat(gateway().plan("tracepipeline/quiet")).isEqualTo(quiet);
  }

  @Test
  void shouldBeReadyOnlyWhenThereIsAPlan() {
    cluster().deleteShards();
    gateway().launch();
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> gateway().admin().get("/readyz").body().contains("first plan"));

    cluster().with(traces("demo", backend)).apply();

    gateway().awaitReady();
    assertThat(delivered(backend)).isTrue();
  }

  @Test
  void shouldGoOnWhileTheApiServerIsAwayAndFollowItWhenItIsBack() {
    cluster().with(traces("demo", backend)).apply();
    gateway().start();

    API.kill();
    assertThat(delivered(backend)).isTrue();
    API.startAgain();
    cluster().with(traces("demo", other)).apply();

    // A watch that has lost its server waits longer each time before it looks again.
    awaitRunning("tracepipeline/demo", Duration.ofSeconds(40));
    assertThat(delivered(other)).isTrue();
    cluster().with(traces("demo", backend)).apply();
    awaitRunning("tracepipeline/demo", SWAP);
  }

  @Test
  void shouldRunWhatIsMountedWhenItStartsWhileTheApiServerIsAway() throws IOException {
    cluster().with(traces("demo", backend)).apply();
    Path mount = folder.resolve("plan");
    cluster().mount(mount);
    gateway().start();
    gateway().process().kill();
    API.kill();

    gateway().start("--plan-mount=" + mount);

    awaitRunning("tracepipeline/demo", Duration.ofSeconds(10));
    assertThat(delivered(backend)).isTrue();
    API.startAgain();
    cluster().with(traces("demo", other)).apply();
    awaitRunning("tracepipeline/demo", Duration.ofSeconds(40));
    assertThat(delivered(other)).isTrue();
  }

  @Test
  void shouldGoOnWithAShardThatSomebodyDeletes() {
    cluster().with(traces("demo", backend)).with(traces("else", other)).apply();
    gateway().start();

    cluster().deleteShardOf("tracepipeline/demo");
    gateway().process().await(Pattern.compile("part of the plan was deleted"), 2);

    assertThat(delivered(backend)).isTrue();
    assertThat(gateway().plan("tracepipeline/demo").path("running").asText())
        .isEqualTo(cluster().digest("tracepipeline/demo"));
  }

  @Test
  void shouldTellWhatRunsOnlyToWhomShowsTheToken() {
    cluster().with(traces("demo", backend)).apply();
    gateway().start();

    assertThat(gateway().admin().get("/plan").statusCode()).isEqualTo(401);
    HttpRequest wrong =
        HttpRequest.newBuilder(gateway().admin().uri("/plan"))
            .header("Authorization", "Bearer another")
            .build();
    assertThat(gateway().admin().send(wrong).statusCode()).isEqualTo(401);
    assertThat(gateway().plan().path("instance").asText()).isEqualTo("gateway-a");
    assertThat(gateway().plan().path("node").asText()).isEqualTo("node-1");
    assertThat(gateway().plan("tracepipeline/demo").path("running").asText())
        .isEqualTo(cluster().digest("tracepipeline/demo"));
  }

  @Test
  void shouldAnswerCommandsToWhomShowsTheToken() {
    cluster().with(traces("demo", backend)).apply();
    gateway().start();
    assertThat(delivered(backend)).isTrue();

    JsonNode status = gateway().control("status", "").path("result");

    assertThat(status.path("process").path("grpcPort").asInt()).isEqualTo(gateway().grpcPort());
    assertThat(status.path("pipelines").findValuesAsText("pipeline"))
        .containsExactly("tracepipeline/demo");
    assertThat(status.path("pipelines").path(0).path("healthy").asBoolean()).isTrue();
    assertThat(
            gateway()
                .control("dead-letters-ls", "{\"pipeline\":\"tracepipeline/demo\"}")
                .path("result")
                .path("all")
                .path("letters")
                .asInt(-1))
        .isZero();
    assertThat(
            gateway()
                .control("replay", "{\"pipeline\":\"tracepipeline/no\"}")
                .path("error")
                .asText())
        .contains("tracepipeline/no");
    HttpRequest without =
        HttpRequest.newBuilder(gateway().admin().uri("/control/status"))
            .POST(BodyPublishers.noBody())
            .build();
    assertThat(gateway().admin().send(without).statusCode()).isEqualTo(401);
  }

  @Test
  void shouldReportAPipelineWhoseRoutesFailAndRunTheOthers() {
    cluster().with(traces("demo", backend)).with(BROKEN).apply();
    gateway().start();

    assertThat(gateway().plan("logpipeline/broken").path("loadError").asText())
        .contains("no-such-component");
    assertThat(gateway().plan("logpipeline/broken").has("running")).isFalse();
    assertThat(delivered(backend)).isTrue();

    cluster().with(Manifests.pipeline("LogPipeline", "broken", otlp(other))).apply();
    awaitRunning("logpipeline/broken", SWAP);
    assertThat(gateway().plan("logpipeline/broken").has("loadError")).isFalse();
  }

  @Test
  void shouldRememberNoSecretOnTheDisk() throws IOException {
    cluster()
        .with(
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: TracePipeline
            metadata: {name: demo}
            spec:
              output:
                otlp:
                  endpoint: {value: "%s"}
                  tls: {insecure: true}
                  headers: [{name: X-Key, value: a-very-secret-text}]
            """
                .formatted(backend.endpoint()))
        .apply();
    gateway().start();
    assertThat(delivered(backend)).isTrue();

    assertThat(Files.readString(folder.resolve("data/gateway-a/last-plan.json")))
        .contains("tracepipeline.demo")
        .doesNotContain("a-very-secret-text");
  }

  private static final String BROKEN =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata: {name: broken-sink}
      spec:
        definition: {title: Broken}
        template:
          from:
            uri: kamelet:source
            steps:
              - to: "no-such-component:there"
      ---
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: LogPipeline
      metadata: {name: broken}
      spec:
        output: {kamelet: {name: broken-sink}}
      """;

  private void awaitRunning(String pipeline, Duration atMost) {
    String digest = cluster().digest(pipeline);
    Awaitility.await(pipeline + " to be swapped")
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(25))
        .until(() -> gateway().plan(pipeline).path("running").asText().equals(digest));
  }

  /** Whether what is sent now arrives at this backend. */
  private boolean delivered(RawReceiver where) {
    long number = NUMBERS.incrementAndGet();
    try (RawSender sender = new RawSender(gateway().grpcPort())) {
      byte[] request = NumberedRequests.request(OtlpMethod.TRACES, number);
      assertThat(sender.send(OtlpMethod.TRACES, request).join().isOk()).isTrue();
    }
    Awaitility.await("span " + number)
        .until(() -> NumberedRequests.received(OtlpMethod.TRACES, where).contains(number));
    return true;
  }

  private static String traces(String name, RawReceiver where) {
    return Manifests.pipeline("TracePipeline", name, otlp(where));
  }

  private static String otlp(RawReceiver where) {
    return Manifests.otlp("grpc", "none", where.endpoint());
  }
}
