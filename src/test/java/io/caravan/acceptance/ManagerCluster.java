/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import java.nio.file.Path;
import java.time.Duration;

/** A cluster as {@code deploy/install.yaml} leaves it, with managers beside it. */
record ManagerCluster(KubernetesApi api) {
  static final String NAMESPACE = "kyma-system";

  private static final Path INSTALL = Path.of("deploy/install.yaml");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Applies everything but the manager's Deployment, and leads its webhooks to this machine. */
  ManagerCluster install() {
    kubectl().apply(INSTALL, "--server-side");
    // Pods have one where controllers run; here it may be early for them.
    kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: default, namespace: kyma-system}
            """);
    return leadWebhooksHere();
  }

  /** The API server is to reach the webhooks of a manager that runs on this machine. */
  ManagerCluster leadWebhooksHere() {
    kubectl().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    kubectl().run("delete", "deployment", "telemetry-manager", "-n", NAMESPACE);
    kubectl().run("delete", "service", "telemetry-manager-webhook", "-n", NAMESPACE);
    kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: telemetry-manager-webhook, namespace: kyma-system}
            spec: {type: ExternalName, externalName: localhost}
            """);
    return this;
  }

  /** A manager with the rights that it is shipped with, which acts. */
  ManagerProcess manager(String identity, String... more) {
    ManagerProcess manager =
        ManagerProcess.start(
                api.users().serviceAccount(NAMESPACE, "telemetry-manager"),
                NAMESPACE,
                identity,
                more)
            .awaitActing();
    // Its first round registers the webhooks; without them nothing can be created.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                kubectl()
                        .attempt(
                            "get",
                            "validatingwebhookconfiguration",
                            "telemetry-validating-webhook.kyma-project.io")
                        .code()
                    == 0);
    return manager;
  }

  Kubectl kubectl() {
    return api.kubectl();
  }

  /** An object as it is; a missing node if it is not there. */
  JsonNode get(String kind, String name) {
    Kubectl.Said said = kubectl().attempt("get", kind, name, "-n", NAMESPACE, "-o", "json");
    try {
      return JSON.readTree(said.code() == 0 ? said.output() : "");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("kubectl says no JSON: " + said.output(), e);
    }
  }

  /** {@code True GatewayConfigured: TracePipeline specification ...}; empty if there is none. */
  String condition(String kind, String name, String type) {
    for (JsonNode each : get(kind, name).path("status").path("conditions")) {
      if (each.path("type").asText().equals(type)) {
        return "%s %s: %s"
            .formatted(
                each.path("status").asText(),
                each.path("reason").asText(),
                each.path("message").asText());
      }
    }
    return "";
  }

  /** Waits until a condition says this. */
  void awaitCondition(String kind, String name, String type, String beginning) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(condition(kind, name, type)).as(type).startsWith(beginning));
  }

  /** A pipeline that pushes to an endpoint. */
  static String tracePipeline(String name, String otlp) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: TracePipeline
    metadata: {name: %s}
    spec: {output: {otlp: %s}}
    """
        .formatted(name, otlp);
  }

  /** One that is valid. */
  static String tracePipeline(String name) {
    return tracePipeline(name, "{endpoint: {value: 'http://backend:4317'}}");
  }
}
