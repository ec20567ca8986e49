/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.GatewayCluster.command;
import static io.caravan.acceptance.ManagerCluster.NAMESPACE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.GatewayPod;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.caravan.acceptance.fixture.ServerProcess;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code status}, {@code dead-letters} and {@code replay} of people with the shipped rights, who
 * ask two gateways through a real API server and a manager.
 */
@ResourceLock(ManagerProcess.LOCK)
class ClusterCommandsTest {
  private static final String FIRST = "telemetry-otlp-gateway-first";
  private static final String SECOND = "telemetry-otlp-gateway-second";
  private static final String VIEW = "kyma-telemetry-view";
  private static final String EDIT = "kyma-telemetry-edit";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  @TempDir static @Nullable Path data;

  private static final GatewayCluster CLUSTER = new GatewayCluster(API);
  private static @Nullable Parts parts;

  /** One backend for each signal, so that no test sees what another one sends. */
  private record Parts(
      RawReceiver traces,
      RawReceiver logs,
      RawReceiver metrics,
      ManagerProcess manager,
      GatewayCluster.Gateway first,
      GatewayCluster.Gateway second,
      KubernetesAccess viewer,
      KubernetesAccess editor,
      KubernetesAccess stranger) {}

  @BeforeAll
  static void install() throws IOException {
    RawReceiver traces = new RawReceiver();
    RawReceiver logs = new RawReceiver();
    RawReceiver metrics = new RawReceiver();
    ManagerProcess manager = CLUSTER.install().manager("first");
    CLUSTER.apply(
        pipeline("TracePipeline", traces)
            + "---\n"
            + pipeline("LogPipeline", logs)
            + "---\n"
            + pipeline("MetricPipeline", metrics)
            + "  delivery: {retain: {age: 1h, size: 64Mi}}\n");
    Path folder = requireNonNull(data);
    parts =
        new Parts(
            traces,
            logs,
            metrics,
            manager,
            CLUSTER.gateway(FIRST, "node-1", "127.88.0.1", folder),
            CLUSTER.gateway(SECOND, "node-2", "127.88.0.2", folder),
            CLUSTER.person("viewer", VIEW),
            CLUSTER.person("editor", VIEW, EDIT),
            CLUSTER.person("stranger"));
  }

  private static String pipeline(String kind, RawReceiver backend) {
    return Manifests.pipeline(kind, "demo", Manifests.otlp("grpc", "none", backend.endpoint()));
  }

  @AfterAll
  static void stop() {
    if (parts != null) {
      parts.first.close();
      parts.second.close();
      parts.manager.close();
      parts.traces.close();
      parts.logs.close();
      parts.metrics.close();
    }
  }

  private static Parts parts() {
    return requireNonNull(parts);
  }

  /** Sends records, one a request, with these numbers. */
  private static void send(GatewayCluster.Gateway gateway, OtlpMethod method, int first, int last) {
    try (RawSender sender = gateway.process().sender()) {
      for (int number = first; number <= last; number++) {
        assertThat(sender.send(method, NumberedRequests.request(method, number)).join().isOk())
            .isTrue();
      }
    }
  }

  private static void awaitArrived(OtlpMethod method, RawReceiver backend, Long... numbers) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(NumberedRequests.received(method, backend))
                    .containsExactlyInAnyOrder(numbers));
  }

  @Test
  void shouldShowAViewerTheSumOfAllGatewaysAndOneOfThem() {
    send(parts().first, OtlpMethod.TRACES, 1, 3);
    send(parts().second, OtlpMethod.TRACES, 4, 7);
    awaitArrived(OtlpMethod.TRACES, parts().traces, 1L, 2L, 3L, 4L, 5L, 6L, 7L);

    ServerProcess all = command(parts().viewer, "status");
    ServerProcess one = command(parts().viewer, "status", "--pod", FIRST);

    assertThat(all.exitCode()).as(all.text()).hasValue(0);
    assertThat(all.text())
        .containsPattern("tracepipeline/demo +[0-9a-f]{12} +otlp-grpc-sink to .* ok")
        .containsPattern("tracepipeline/demo +0 +0 B +- +7 +0 +0");
    assertThat(one.exitCode()).as(one.text()).hasValue(0);
    assertThat(one.text()).containsPattern("tracepipeline/demo +0 +0 B +- +3 +0 +0");
  }

  @Test
  void shouldLetAnEditorListShowAndReplayWhatTheBackendHasRefusedForGood() {
    parts().logs.answer(Status.INVALID_ARGUMENT.withDescription("unknown tenant"));
    send(parts().first, OtlpMethod.LOGS, 1, 2);
    send(parts().second, OtlpMethod.LOGS, 3, 3);
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                Pattern.compile("logpipeline/demo +3 +3 ")
                    .matcher(command(parts().editor, "dead-letters", "ls").text())
                    .find());

    ServerProcess letters = command(parts().editor, "dead-letters", "ls", "logpipeline/demo");
    String id = id(letters, SECOND);
    ServerProcess whose = command(parts().editor, "dead-letters", "show", id);
    ServerProcess shown = command(parts().editor, "dead-letters", "show", id, "--pod", SECOND);
    parts().logs.answer(Status.OK);
    ServerProcess replay =
        command(parts().editor, "dead-letters", "replay", "--pipeline", "logpipeline/demo");

    assertThat(letters.text())
        .containsPattern(FIRST + " +logpipeline/demo@\\S+ .*INVALID_ARGUMENT.*unknown tenant");
    assertThat(whose.exitCode()).hasValue(1);
    assertThat(whose.text()).contains("an id is one of a pod's own; say which with --pod");
    assertThat(shown.text()).contains("message:", "unknown tenant");
    assertThat(replay.exitCode()).as(replay.text()).hasValue(0);
    assertThat(replay.text())
        .contains("dead letters of logpipeline/demo: done: 3 records in 3 batches");
    awaitArrived(OtlpMethod.LOGS, parts().logs, 1L, 2L, 3L);
    assertThat(command(parts().editor, "dead-letters", "ls").text())
        .doesNotContain("logpipeline/demo");
  }

  private static String id(ServerProcess letters, String pod) {
    var row = Pattern.compile(pod + " +(\\S+@\\S+)").matcher(letters.text());
    assertThat(row.find()).as(letters.text()).isTrue();
    return row.group(1);
  }

  @Test
  void shouldLetAnEditorReplayWhatAllGatewaysHaveDelivered() {
    send(parts().first, OtlpMethod.METRICS, 1, 2);
    send(parts().second, OtlpMethod.METRICS, 3, 3);
    awaitArrived(OtlpMethod.METRICS, parts().metrics, 1L, 2L, 3L);

    ServerProcess replay =
        command(parts().editor, "replay", "--pipeline", "metricpipeline/demo", "--from", "1h");

    assertThat(replay.exitCode()).as(replay.text()).hasValue(0);
    assertThat(replay.text())
        .contains(
            FIRST + ": metricpipeline/demo retains 2 records",
            SECOND + ": metricpipeline/demo retains 1 records",
            "metricpipeline/demo to metricpipeline/demo: done: 3 records in 3 batches");
    awaitArrived(OtlpMethod.METRICS, parts().metrics, 1L, 2L, 3L, 1L, 2L, 3L);
  }

  @Test
  void shouldRefuseAReplayThatNoGatewayCanDoAndSayWhy() {
    ServerProcess replay =
        command(parts().editor, "replay", "--pipeline", "tracepipeline/nobody's");

    assertThat(replay.exitCode()).hasValue(1);
    assertThat(replay.text())
        .contains("the manager in the namespace kyma-system answered: ")
        .contains("tracepipeline/nobody's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead-letters ls", "replay --pipeline metricpipeline/demo"})
  void shouldNotLetAViewerSeeOrSendWhatUsersHaveSent(String line) {
    ServerProcess refused = command(parts().viewer, line.split(" "));

    assertThat(refused.exitCode()).hasValue(1);
    assertThat(refused.text())
        .contains("the API server does not let you: ", "telemetry-control-edit")
        .contains("needs the rights of the cluster's role 'edit' in the namespace kyma-system");
  }

  @Test
  void shouldTellAPersonWithoutRightsWhichOneIsMissing() {
    ServerProcess refused = command(parts().stranger, "status");

    assertThat(refused.exitCode()).hasValue(1);
    assertThat(refused.text())
        .contains("the API server does not let you: ", "system:serviceaccount:default:stranger")
        .contains("'status' needs the rights of the cluster's role 'view'");
  }

  @Test
  void shouldTakeNoTokenForMoreThanItIsFor() {
    String view = token(parts().viewer, "telemetry-control-view", "telemetry-manager.caravan.io");
    String ofServer = token(parts().viewer, "telemetry-control-view", API_SERVER);

    HttpResponse<String> status = ask(parts().viewer, "status", view);
    HttpResponse<String> letters = ask(parts().viewer, "dead-letters-ls", view);
    HttpResponse<String> foreign = ask(parts().viewer, "status", ofServer);
    HttpResponse<String> none = ask(parts().viewer, "status", "");

    assertThat(status.code()).isEqualTo(200);
    assertThat(letters.code()).isEqualTo(403);
    assertThat(letters.body()).contains("the token is not good for 'dead-letters-ls'");
    assertThat(List.of(foreign.code(), none.code())).containsOnly(401);
  }

  private static final String API_SERVER = "https://kubernetes.default.svc.cluster.local";

  private static String token(KubernetesAccess person, String account, String audience) {
    return person
        .client()
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(account)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withExpirationSeconds(600L)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  /** As the commands do it, with a token of the test's choice. */
  private static HttpResponse<String> ask(KubernetesAccess person, String command, String token) {
    HttpRequest request =
        person
            .client()
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(
                person.client().getMasterUrl()
                    + "api/v1/namespaces/kyma-system/services/https:telemetry-manager-webhook:443/proxy/control/"
                    + command)
            .header("Caravan-Token", token)
            .post("application/json", "{}")
            .build();
    return person.client().getHttpClient().sendAsync(request, String.class).join();
  }

  @Test
  void shouldNameTheGatewayThatDoesNotAnswerShowTheOthersAndFail() {
    try (GatewayPod silent =
        GatewayPod.ready(
            API.client(), NAMESPACE, "telemetry-otlp-gateway-away", "node-3", "127.88.0.3")) {
      ServerProcess status = command(parts().viewer, "status");
      ServerProcess letters = command(parts().editor, "dead-letters", "ls");

      assertThat(status.exitCode()).hasValue(1);
      assertThat(status.text())
          .contains("caravan: without pod %s: it cannot be reached".formatted(silent.name()))
          .contains("tracepipeline/demo");
      assertThat(letters.exitCode()).hasValue(1);
      assertThat(letters.text()).contains("without pod " + silent.name());

      silent.becomesUnready();

      assertThat(command(parts().viewer, "status").text())
          .contains("without pod %s: it is not ready".formatted(silent.name()));
    }
  }
}
