/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The manager with the rights that it is shipped with, at a real API server. */
class ManagerTest {
  private static final String NAMESPACE = "kyma-system";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static ManagerProcess manager;

  @BeforeAll
  static void install() {
    ManagerCluster.install(API);
    manager =
        ManagerProcess.start(
                API.users().serviceAccount(NAMESPACE, "telemetry-manager"), NAMESPACE, "first")
            .awaitActing();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static Kubectl kubectl() {
    return API.kubectl();
  }

  @Test
  void shouldDeployTheGatewayForTheFirstPipelineAndRemoveItAfterTheLast() {
    kubectl().apply(pipeline("first", "http://backend:4317"));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(kubectl().run("get", "daemonset,service", "-n", NAMESPACE, "-o", "name"))
                  .contains("telemetry-otlp-gateway", "telemetry-otlp", "telemetry-otlp-traces");
              assertThat(condition("first", "ConfigurationGenerated"))
                  .isEqualTo("True GatewayConfigured");
            });
  }

  private static String condition(String name, String type) {
    return kubectl()
        .run(
            "get",
            "tracepipeline",
            name,
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"%1$s\")].status} {.status.conditions[?(@.type==\"%1$s\")].reason}"
                .formatted(type));
  }

  private static String pipeline(String name, String endpoint) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: TracePipeline
    metadata:
      name: %s
    spec:
      output:
        otlp:
          endpoint:
            value: %s
    """
        .formatted(name, endpoint);
  }
}
