/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.manager.ManagerSettings;
import io.caravan.manager.workload.Installation;
import io.caravan.manager.workload.Installation.Additions;
import io.caravan.manager.workload.Installation.PriorityClasses;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** What {@code manager} can be told. Names are the predecessor's where it has the same. */
final class ManagerOptions extends ProcessOptions {
  private static final String PAGE =
      "https://github.com/caravan-telemetry/caravan/blob/main/docs/status.md";

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "kyma-system",
      description =
          "The manager's own namespace, where everything goes that has one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_NAMESPACE.")
  String namespace = "";

  @Option(
      names = "--image",
      paramLabel = "NAME",
      required = true,
      description =
          "Container image of what is deployed: the manager's own. Default: none, one has to be named. Environment: CARAVAN_IMAGE.")
  String image = "";

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      defaultValue = "${env:MY_POD_NAME:-manager}",
      description =
          "Name of this manager among several. Default: the environment's MY_POD_NAME, or manager. Environment: CARAVAN_IDENTITY.")
  String identity = "";

  @Option(
      names = "--probe-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      converter = Values.Port.class,
      description =
          "Port of /healthz and /readyz; 0 for any free one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_PROBE_PORT.")
  int probePort;

  @Option(
      names = "--webhook-port",
      paramLabel = "PORT",
      defaultValue = "9443",
      converter = Values.Port.class,
      description =
          "Port of the webhooks; 0 for any free one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_WEBHOOK_PORT.")
  int webhookPort;

  @Option(
      names = "--webhook-service-port",
      paramLabel = "PORT",
      description =
          "Port of the Service telemetry-manager-webhook; 0 for that of --webhook-port. Default: 443. Environment: CARAVAN_WEBHOOK_SERVICE_PORT.",
      defaultValue = "443",
      converter = Values.Port.class)
  int webhookServicePort;

  @Option(
      names = "--max-pipelines",
      paramLabel = "NUMBER",
      description =
          "How many pipelines of a kind may be in effect; the oldest are. Default: any number. Environment: CARAVAN_MAX_PIPELINES.")
  Optional<Integer> maxPipelines = Optional.empty();

  @Option(
      names = "--image-pull-secret-name",
      paramLabel = "NAME",
      description =
          "Secret with which the image is pulled; may be repeated. Default: none. Environment: CARAVAN_IMAGE_PULL_SECRET_NAME.")
  List<String> imagePullSecrets = List.of();

  @Option(
      names = "--cluster-trust-bundle-name",
      paramLabel = "NAME",
      description =
          "ClusterTrustBundle whose authorities are trusted instead of the image's. Default: none. Environment: CARAVAN_CLUSTER_TRUST_BUNDLE_NAME.")
  Optional<String> trustBundle = Optional.empty();

  @Option(
      names = "--additional-workload-label",
      paramLabel = "KEY=VALUE",
      description =
          "Label of deployed workloads; may be repeated. Default: none. Environment: CARAVAN_ADDITIONAL_WORKLOAD_LABEL.")
  Map<String, String> workloadLabels = Map.of();

  @Option(
      names = "--additional-workload-annotation",
      paramLabel = "KEY=VALUE",
      description =
          "Annotation of deployed workloads; may be repeated. Default: none. Environment: CARAVAN_ADDITIONAL_WORKLOAD_ANNOTATION.")
  Map<String, String> workloadAnnotations = Map.of();

  @Option(
      names = "--additional-workload-pod-label",
      paramLabel = "KEY=VALUE",
      description =
          "Label of their pods; may be repeated. Default: none. Environment: CARAVAN_ADDITIONAL_WORKLOAD_POD_LABEL.")
  Map<String, String> podLabels = Map.of();

  @Option(
      names = "--additional-workload-pod-annotation",
      paramLabel = "KEY=VALUE",
      description =
          "Annotation of their pods; may be repeated. Default: none. Environment: CARAVAN_ADDITIONAL_WORKLOAD_POD_ANNOTATION.")
  Map<String, String> podAnnotations = Map.of();

  @Option(
      names = "--high-priority-class-name",
      paramLabel = "NAME",
      defaultValue = "telemetry-priority-class-high",
      description =
          "PriorityClass of what runs on every node. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_HIGH_PRIORITY_CLASS_NAME.")
  String highPriority = "";

  @Option(
      names = "--normal-priority-class-name",
      paramLabel = "NAME",
      defaultValue = "telemetry-priority-class",
      description =
          "PriorityClass of the rest. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_NORMAL_PRIORITY_CLASS_NAME.")
  String normalPriority = "";

  /**
   * What the manager is told.
   *
   * @throws IOException if the program's own Kamelets cannot be read
   */
  ManagerSettings settings() throws IOException {
    return new ManagerSettings(
        new Installation(
            namespace,
            image,
            imagePullSecrets,
            new Additions(workloadLabels, workloadAnnotations),
            new Additions(podLabels, podAnnotations),
            new PriorityClasses(highPriority, normalPriority),
            trustBundle,
            logLevel.toString()),
        identity,
        maxPipelines.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        io.caravan.standalone.ShippedKamelets.read(),
        PAGE,
        new LogLevelOverride(logFormat, logLevel));
  }
}
