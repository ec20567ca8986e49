/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.upgrade;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** By what the predecessor's objects are told from those of users: names, labels and writers. */
public final class Predecessor {
  /** Of the workloads that it has and that have no successor here. */
  private static final List<String> WORKLOADS =
      List.of(
          "telemetry-fluent-bit",
          "telemetry-log-gateway",
          "telemetry-metric-gateway",
          "telemetry-self-monitor",
          "telemetry-trace-gateway");

  /** Of the workloads that go on under their names, configured in another way. */
  private static final List<String> CONFIGURED =
      List.of("telemetry-log-agent", "telemetry-metric-agent", "telemetry-otlp-gateway");

  /** What its instances agreed by: who has a place, and which pipelines the gateway is to have. */
  private static final List<String> AGREEMENTS =
      List.of(
          "telemetry-logpipeline-lock",
          "telemetry-logpipeline-sync",
          "telemetry-metricpipeline-lock",
          "telemetry-metricpipeline-sync",
          "telemetry-otlp-gateway-coordination",
          "telemetry-tracepipeline-lock",
          "telemetry-tracepipeline-sync");

  /** Objects without a namespace that are left behind: roles and their bindings. */
  public static final List<String> CLUSTER_ROLES = WORKLOADS;

  /** ConfigMaps that are left behind. */
  public static final List<String> CONFIG_MAPS =
      Stream.of(
              WORKLOADS.stream(),
              CONFIGURED.stream(),
              AGREEMENTS.stream(),
              Stream.of("files", "luascripts", "parsers", "sections")
                  .map("telemetry-fluent-bit-%s"::formatted))
          .flatMap(each -> each)
          .sorted()
          .toList();

  /** Secrets that are left behind. */
  public static final List<String> SECRETS =
      Stream.of(
              WORKLOADS.stream(),
              CONFIGURED.stream(),
              Stream.of("telemetry-fluent-bit-env", "telemetry-fluent-bit-output-tls-config"))
          .flatMap(each -> each)
          .sorted()
          .toList();

  /** Other objects of the namespace that are left behind: of each kind with these names. */
  static final List<String> OTHERS =
      WORKLOADS.stream()
          .flatMap(
              name ->
                  Stream.of(
                      name,
                      name + "-metrics",
                      name + "-exporter-metrics",
                      "kyma-project.io--" + name,
                      "kyma-project.io--" + name + "-metrics"))
          .toList();

  /**
   * What its process calls itself where it writes, by which its fields are known. Whoever writes
   * with {@code kubectl} is called otherwise.
   */
  private static final Set<String> WRITERS = Set.of("manager", "telemetry-manager");

  private static final String MODULE = "kyma-project.io/module";

  private Predecessor() {}

  /** Whether it has written these fields, its statuses aside. */
  static boolean wrote(ManagedFieldsEntry entry) {
    return WRITERS.contains(entry.getManager())
        && "Update".equals(entry.getOperation())
        && Objects.requireNonNullElse(entry.getSubresource(), "").isEmpty();
  }

  /**
   * Whether it has made an object that is called as one of its own: it has the module's label, or,
   * in versions that did not label all they made, fields that it has written. One with no field at
   * all, such as its lock once nobody holds it, has nothing of anybody else.
   */
  static boolean made(HasMetadata object) {
    Map<String, String> labels =
        Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    List<ManagedFieldsEntry> owned =
        Objects.requireNonNullElse(object.getMetadata().getManagedFields(), List.of());
    return "telemetry".equals(labels.get(MODULE))
        || owned.isEmpty()
        || owned.stream().anyMatch(Predecessor::wrote);
  }
}
