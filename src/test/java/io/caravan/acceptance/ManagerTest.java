/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.ManagerCluster.NAMESPACE;
import static io.caravan.acceptance.ManagerCluster.tracePipeline;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.acceptance.fixture.FakePod;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The manager as a process with the rights that it is shipped with, at a real API server. */
@ResourceLock(ManagerProcess.LOCK)
class ManagerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static final ManagerCluster CLUSTER = new ManagerCluster(API);
  private static @Nullable ManagerProcess manager;

  @BeforeAll
  static void install() {
    manager = CLUSTER.install().manager("first", "--max-pipelines=12");
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: operator.kyma-project.io/v1beta1
            kind: Telemetry
            metadata: {name: default, namespace: kyma-system}
            """);
  }

  @AfterAll
  static void stop() {
    requireNonNull(manager).close();
  }

  @AfterEach
  void deletePipelines() {
    CLUSTER.kubectl().run("delete", "tracepipelines,logpipelines,metricpipelines", "--all");
  }

  static Stream<Arguments> pipelines() {
    return Stream.of(
        Arguments.of(
            "{endpoint: {value: 'http://backend:4317'}}",
            "True GatewayConfigured: TracePipeline specification is successfully applied to the configuration of OTLP Gateway"),
        Arguments.of(
            "{endpoint: {valueFrom: {secretKeyRef: {name: none, namespace: default, key: url}}}}",
            "False ReferencedSecretMissing: One or more referenced Secrets are missing: Secret 'none' of Namespace 'default'"),
        Arguments.of(
            "{endpoint: {valueFrom: {secretKeyRef: {name: there, namespace: default, key: none}}}}",
            "False ReferencedSecretMissing: One or more keys in a referenced Secret are missing: Key 'none' in Secret 'there' of Namespace 'default'"),
        Arguments.of(
            "{endpoint: {value: 'backend'}}",
            "False EndpointInvalid: OTLP output endpoint invalid: "),
        Arguments.of(
            "{endpoint: {value: 'https://backend:4317'}, tls: {ca: {value: 'no PEM'}}}",
            "False TLSConfigurationInvalid: TLS configuration invalid: "));
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void shouldSayWhatHasBecomeOfTheConfiguration(String otlp, String expected) {
    CLUSTER.kubectl().run("delete", "secret", "there", "-n", "default", "--ignore-not-found");
    CLUSTER.kubectl().run("create", "secret", "generic", "there", "-n", "default");

    CLUSTER.kubectl().apply(tracePipeline("demo", otlp));

    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", expected);
    if (expected.startsWith("False")) {
      CLUSTER.awaitCondition(
          "tracepipeline", "demo", "GatewayHealthy", "False GatewayConfigurationNotGenerated: ");
      CLUSTER.awaitCondition(
          "tracepipeline", "demo", "TelemetryFlowHealthy", "False ConfigurationNotGenerated: ");
      CLUSTER.awaitCondition("telemetry", "default", "TraceComponentsHealthy", expected);
      assertThat(CLUSTER.get("telemetry", "default").path("status").path("state").asText())
          .isEqualTo("Warning");
    }
  }

  @Test
  void shouldRefuseTheYoungestBeyondTheLimit() {
    StringBuilder all = new StringBuilder();
    for (int i = 10; i < 22; i++) {
      all.append(tracePipeline("old-" + i)).append("---\n");
    }
    CLUSTER.kubectl().apply(all.toString());
    CLUSTER.awaitCondition("tracepipeline", "old-21", "ConfigurationGenerated", "True ");
    // A time of creation has seconds.
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

    CLUSTER.kubectl().apply(tracePipeline("a-new-one"));

    CLUSTER.awaitCondition(
        "tracepipeline",
        "a-new-one",
        "ConfigurationGenerated",
        "False MaxPipelinesExceeded: Maximum pipeline count limit exceeded");
    assertThat(CLUSTER.condition("tracepipeline", "old-10", "ConfigurationGenerated"))
        .startsWith("True ");
  }

  @Test
  void shouldTakeASecretThatComesLaterAndItsChange() {
    CLUSTER.kubectl().run("delete", "secret", "late", "-n", "default", "--ignore-not-found");
    CLUSTER
        .kubectl()
        .apply(
            tracePipeline(
                "demo",
                "{endpoint: {valueFrom: {secretKeyRef: {name: late, namespace: default, key: url}}}}"));
    CLUSTER.awaitCondition(
        "tracepipeline", "demo", "ConfigurationGenerated", "False ReferencedSecretMissing: ");

    CLUSTER
        .kubectl()
        .run(
            "create",
            "secret",
            "generic",
            "late",
            "-n",
            "default",
            "--from-literal=url=http://backend:4317");

    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", "True ");
    assertThat(CLUSTER.kubectl().run("get", "events", "-A", "-o", "jsonpath={.items[*].reason}"))
        .contains("ReferencedSecretMissing", "GatewayConfigured");
  }

  @Test
  void shouldDeployTheGatewayAndSayHowItStandsAndRemoveItWithTheLastPipeline() {
    CLUSTER.kubectl().apply(tracePipeline("demo"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        CLUSTER
                            .get("telemetry", "default")
                            .at("/status/endpoints/otlp/grpc")
                            .asText())
                    .isEqualTo("http://telemetry-otlp.kyma-system:4317"));
    for (String service : List.of("otlp", "otlp-logs", "otlp-metrics", "otlp-traces")) {
      assertThat(CLUSTER.get("service", "telemetry-" + service).isMissingNode()).isFalse();
    }

    readyGateway(1);

    CLUSTER.awaitCondition(
        "tracepipeline",
        "demo",
        "GatewayHealthy",
        "True GatewayReady: OTLP Gateway DaemonSet is ready");

    CLUSTER.kubectl().run("delete", "tracepipeline", "demo");

    CLUSTER.awaitCondition(
        "telemetry",
        "default",
        "TraceComponentsHealthy",
        "True NoPipelineDeployed: No pipelines have been deployed");
    awaitNoGateway();
  }

  @Test
  void shouldNameThePodThatHasNotTakenAChangeAndTellItsLoadError() {
    CLUSTER.kubectl().apply(tracePipeline("demo"));
    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", "True ");
    readyGateway(1);
    String uid = CLUSTER.get("tracepipeline", "demo").at("/metadata/uid").asText();

    try (FakePod pod =
        FakePod.ready(
            API.client(),
            NAMESPACE,
            "telemetry-otlp-gateway-late",
            "127.77.0.1",
            "{\"format\":1,\"instance\":\"x\",\"pipelines\":[],\"unread\":[]}",
            "{\"format\":1,\"started\":\"2026-01-01T00:00:00Z\",\"pipelines\":[]}")) {
      CLUSTER.awaitCondition(
          "tracepipeline",
          "demo",
          "GatewayHealthy",
          "False GatewayNotReady: Pod telemetry-otlp-gateway-late has not taken the change of TracePipeline demo within 30 s");

      String digest = digest("demo", uid);
      pod.says(
          """
          {"format":1,"pipelines":[{"pipeline":"tracepipeline/demo","kind":"TracePipeline","name":"demo",
          "uid":"%s","planned":"%s","loadError":"no such component"}],"unread":[]}
          """
              .formatted(uid, digest),
          "{}");

      CLUSTER.awaitCondition(
          "tracepipeline",
          "demo",
          "GatewayHealthy",
          "False GatewayNotReady: Pod telemetry-otlp-gateway-late cannot load TracePipeline demo: no such component");
    }
  }

  /** The digest that the shards have of a pipeline. */
  private static String digest(String name, String uid) {
    for (int i = 0; i < 16; i++) {
      JsonNode data = CLUSTER.get("configmap", "telemetry-plan-%02d".formatted(i)).path("data");
      for (JsonNode entry : data) {
        if (entry.asText().contains(uid) && entry.asText().contains(name)) {
          var matcher =
              java.util.regex.Pattern.compile("\"digest\":\"([0-9a-f]{12})\"")
                  .matcher(entry.asText());
          if (matcher.find()) {
            return matcher.group(1);
          }
        }
      }
    }
    throw new AssertionError("no shard has " + name);
  }

  /** The gateway goes with what is deleted as soon as its pods have nothing of that left. */
  private static void awaitNoGateway() {
    readyGateway(1);
    try (FakePod _ =
        FakePod.ready(
            API.client(),
            NAMESPACE,
            "telemetry-otlp-gateway-empty",
            "127.77.0.2",
            "{\"format\":1,\"instance\":\"x\",\"pipelines\":[],\"unread\":[]}",
            "{\"format\":1,\"started\":\"2026-01-01T00:00:00Z\",\"pipelines\":[]}")) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> CLUSTER.get("daemonset", "telemetry-otlp-gateway").isMissingNode());
    }
  }

  /** What a DaemonSet's controller would say of it. */
  private static void readyGateway(int pods) {
    await()
        .atMost(PATIENCE)
        .until(() -> !CLUSTER.get("daemonset", "telemetry-otlp-gateway").isMissingNode());
    String generation =
        CLUSTER.get("daemonset", "telemetry-otlp-gateway").at("/metadata/generation").asText();
    CLUSTER
        .kubectl()
        .run(
            "patch",
            "daemonset",
            "telemetry-otlp-gateway",
            "-n",
            NAMESPACE,
            "--subresource=status",
            "--type=merge",
            "-p",
            """
            {"status":{"observedGeneration":%2$s,"desiredNumberScheduled":%1$d,"currentNumberScheduled":%1$d,
            "updatedNumberScheduled":%1$d,"numberReady":%1$d,"numberAvailable":%1$d,"numberMisscheduled":0}}
            """
                .formatted(pods, generation));
  }

  @Test
  void shouldBlockTheDeletionWhilePipelinesExistAndThenLeaveNothing() {
    CLUSTER.kubectl().apply(tracePipeline("demo"));
    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", "True ");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                CLUSTER
                    .get("telemetry", "default")
                    .at("/metadata/finalizers/0")
                    .asText()
                    .equals("telemetry.kyma-project.io/finalizer"));

    CLUSTER.kubectl().run("delete", "telemetry", "default", "-n", NAMESPACE, "--wait=false");

    CLUSTER.awaitCondition(
        "telemetry",
        "default",
        "TraceComponentsHealthy",
        "False ResourceBlocksDeletion: The deletion of the module is blocked. To unblock the deletion, delete the following resources: TracePipelines (demo)");

    CLUSTER.kubectl().run("delete", "tracepipeline", "demo");
    awaitNoGateway();

    await().atMost(PATIENCE).until(() -> CLUSTER.get("telemetry", "default").isMissingNode());
    assertThat(leftovers()).isEmpty();
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: operator.kyma-project.io/v1beta1
            kind: Telemetry
            metadata: {name: default, namespace: kyma-system}
            """);
  }

  /** Our objects but the manager's own. */
  private static List<String> leftovers() {
    List<String> left = new ArrayList<>();
    for (String kind :
        List.of(
            "daemonset",
            "deployment",
            "statefulset",
            "service",
            "serviceaccount",
            "configmap",
            "secret",
            "networkpolicy",
            "role",
            "rolebinding",
            "clusterrole",
            "clusterrolebinding",
            "poddisruptionbudget")) {
      String names =
          CLUSTER
              .kubectl()
              .run(
                  "get",
                  kind,
                  "-A",
                  "-o",
                  "name",
                  "-l",
                  "kyma-project.io/module=telemetry,app.kubernetes.io/managed-by=telemetry-manager,app.kubernetes.io/component!=controller");
      names.lines().filter(line -> !line.isBlank()).forEach(left::add);
    }
    return left;
  }

  @Test
  void shouldLeaveAPausedKindAsItIs() {
    CLUSTER.kubectl().apply(tracePipeline("demo"));
    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", "True ");
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: telemetry-overrides, namespace: kyma-system}
            data: {overrides: "tracing: {paused: true}"}
            """);
    await()
        .atMost(PATIENCE)
        .until(() -> requireNonNull(manager).process().text().contains("paused=\"[TRACE]\""));

    CLUSTER.kubectl().apply(tracePipeline("demo", "{endpoint: {value: 'backend'}}"));
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: LogPipeline
            metadata: {name: other}
            spec: {output: {otlp: {endpoint: {value: 'http://backend:4317'}}}}
            """);
    CLUSTER.awaitCondition("logpipeline", "other", "ConfigurationGenerated", "True ");
    assertThat(CLUSTER.condition("tracepipeline", "demo", "ConfigurationGenerated"))
        .startsWith("True ");

    CLUSTER.kubectl().run("delete", "configmap", "telemetry-overrides", "-n", NAMESPACE);

    CLUSTER.awaitCondition(
        "tracepipeline", "demo", "ConfigurationGenerated", "False EndpointInvalid: ");
  }

  @Test
  void shouldNameAClaimThatNoGatewayComesBackFor() {
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: journal-telemetry-otlp-gateway-3
              namespace: kyma-system
              labels:
                app.kubernetes.io/name: telemetry-otlp-gateway
                app.kubernetes.io/managed-by: telemetry-manager
                kyma-project.io/module: telemetry
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """);
    CLUSTER.awaitCondition(
        "telemetry",
        "default",
        "JournalDurability",
        "False ClaimLeftBehind: No gateway has these claims any more, and what is in them may not be delivered: journal-telemetry-otlp-gateway-3. ");

    CLUSTER
        .kubectl()
        .run(
            "annotate",
            "pvc",
            "journal-telemetry-otlp-gateway-3",
            "-n",
            NAMESPACE,
            "caravan.io/emptied=true");

    CLUSTER.awaitCondition("telemetry", "default", "JournalDurability", "True JournalOnNode: ");
    CLUSTER
        .kubectl()
        .run("delete", "pvc", "journal-telemetry-otlp-gateway-3", "-n", NAMESPACE, "--wait=false");
  }

  @Test
  void shouldTakeAConnectorOfAConfigMap() {
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: connectors
              namespace: kyma-system
              labels: {caravan.io/kamelets: ""}
            data:
              own-sink.yaml: |
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: own-sink}
                spec:
                  definition:
                    title: Own
                    required: [url]
                    properties: {url: {title: URL, type: string}}
                  template:
                    from:
                      uri: kamelet:source
                      steps: [{to: "{{url}}"}]
            """);
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: TracePipeline
            metadata: {name: own}
            spec: {output: {kamelet: {name: own-sink, properties: {url: 'http://backend/in'}}}}
            """);

    CLUSTER.awaitCondition("tracepipeline", "own", "ConfigurationGenerated", "True ");
    CLUSTER.kubectl().run("delete", "configmap", "connectors", "-n", NAMESPACE);
    CLUSTER.awaitCondition(
        "tracepipeline", "own", "ConfigurationGenerated", "False KameletNotFound: ");
  }
}
