/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.api.schema.Definitions;
import io.caravan.api.schema.ResourceKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A cluster as the predecessor leaves it when its Deployment is deleted, as {@code docs/upgrade.md}
 * has it: resource definitions of its time, pipelines that are stored in the older version, and all
 * that its manager made, by the same writes under the same name.
 */
final class PredecessorCluster {
  static final String NAMESPACE = "kyma-system";
  private static final Path RESOURCES = Programs.home().resolve("src/test/resources/predecessor");
  private static final Path MADE = RESOURCES.resolve("made-by-its-manager.yaml");
  private static final Path INSTALL = Programs.home().resolve("deploy/install.yaml");

  /** As its process calls itself. */
  private static final String WRITER = "--field-manager=manager";

  private PredecessorCluster() {}

  static void make(KubernetesApi api) throws IOException {
    for (ResourceKind kind : ResourceKind.values()) {
      if (kind != ResourceKind.TELEMETRY_REPLAY) {
        api.kubectl().apply(olderStored(kind), "--server-side", "--field-manager=helm");
      }
    }
    api.kubectl().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    api.kubectl().apply(RESOURCES.resolve("installed.yaml"));
    api.kubectl().apply(RESOURCES.resolve("made-by-users.yaml"));
    // Before its webhooks are registered, which nobody answers here.
    api.kubectl().apply(PIPELINES);
    api.kubectl()
        .run(
            "patch",
            "logpipelines.v1alpha1.telemetry.kyma-project.io",
            "shop",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"unsupportedMode\":true}}");
    api.kubectl().run("create", "-f", MADE.toString(), WRITER);
  }

  /**
   * Version v1alpha1 is stored, where the kind has it, and converted by a webhook that nobody
   * answers.
   */
  private static String olderStored(ResourceKind kind) {
    ObjectNode definition = (ObjectNode) Definitions.definition(kind);
    if (kind.isConvertedByWebhook()) {
      ObjectNode conversion = definition.withObject("/spec/conversion").put("strategy", "Webhook");
      ObjectNode webhook = conversion.putObject("webhook");
      webhook.putArray("conversionReviewVersions").add("v1");
      webhook
          .putObject("clientConfig")
          .putObject("service")
          .put("name", "telemetry-manager-webhook")
          .put("namespace", NAMESPACE)
          .put("path", "/convert");
    }
    definition
        .path("spec")
        .path("versions")
        .forEach(
            known ->
                ((ObjectNode) known)
                    .put("storage", known.path("name").asText().equals("v1alpha1")));
    return definition.toString();
  }

  static List<HasMetadata> madeByItsManager(KubernetesClient client) throws IOException {
    try (var file = Files.newInputStream(MADE)) {
      return client.load(file).items();
    }
  }

  /** Its manager makes what is not there, and replaces what is. */
  static void writeAsItsManager(KubernetesApi api) {
    var _ = api.kubectl().attempt("create", "-f", MADE.toString(), WRITER);
    api.kubectl().run("replace", "-f", MADE.toString(), WRITER);
  }

  /** As the instructions say; the Deployment is deleted, since the manager runs beside it. */
  static void install(KubernetesApi api) {
    api.kubectl().run("delete", "deployment", "telemetry-manager", "-n", NAMESPACE);
    api.kubectl().apply(INSTALL, "--server-side", "--force-conflicts");
    new ManagerCluster(api).leadWebhooksHere();
  }

  private static final String PIPELINES =
      """
      apiVersion: operator.kyma-project.io/v1alpha1
      kind: Telemetry
      metadata:
        name: default
        namespace: kyma-system
        finalizers: [telemetry.kyma-project.io/finalizer]
      ---
      apiVersion: telemetry.kyma-project.io/v1alpha1
      kind: TracePipeline
      metadata: {name: shop}
      spec:
        output: {otlp: {endpoint: {value: "http://backend:4317"}}}
      ---
      apiVersion: telemetry.kyma-project.io/v1alpha1
      kind: LogPipeline
      metadata: {name: shop}
      spec:
        input: {application: {enabled: true, namespaces: {include: [shop]}}}
        output: {http: {host: {value: backend}, tls: {disabled: true}}}
      """;
}
