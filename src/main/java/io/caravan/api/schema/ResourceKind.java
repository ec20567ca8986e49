/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static io.caravan.api.schema.ApiVersion.V1ALPHA1;
import static io.caravan.api.schema.ApiVersion.V1BETA1;

import io.caravan.api.PipelineKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds whose definitions are ours. */
public enum ResourceKind {
  LOG_PIPELINE("LogPipeline", "logpipelines", Group.TELEMETRY, V1BETA1, V1ALPHA1),
  METRIC_PIPELINE("MetricPipeline", "metricpipelines", Group.TELEMETRY, V1BETA1, V1ALPHA1),
  TRACE_PIPELINE("TracePipeline", "tracepipelines", Group.TELEMETRY, V1BETA1, V1ALPHA1),
  TELEMETRY("Telemetry", "telemetries", Group.OPERATOR, V1BETA1, V1ALPHA1),
  TELEMETRY_REPLAY("TelemetryReplay", "telemetryreplays", Group.CARAVAN, V1ALPHA1);

  private final String kind;
  private final String plural;
  private final String group;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<ApiVersion> versions;

  ResourceKind(String kind, String plural, String group, ApiVersion... versions) {
    this.kind = kind;
    this.plural = plural;
    this.group = group;
    this.versions = List.of(versions);
  }

  /** As in a manifest: {@code LogPipeline}. */
  public String kind() {
    return kind;
  }

  /** As in an address of the API server: {@code logpipelines}. */
  public String plural() {
    return plural;
  }

  /** {@code telemetry.kyma-project.io}. */
  public String group() {
    return group;
  }

  /** All that are served, the stored one first. */
  public List<ApiVersion> versions() {
    return versions;
  }

  /** The version that is stored, and that everything but conversion works with. */
  public ApiVersion stored() {
    return versions.getFirst();
  }

  /** That of the stored version: {@code telemetry.kyma-project.io/v1beta1}. */
  public String apiVersion() {
    return apiVersion(stored());
  }

  /** {@code telemetry.kyma-project.io/v1alpha1}. */
  public String apiVersion(ApiVersion version) {
    return group + "/" + version.version();
  }

  /** The version that an {@code apiVersion} means; empty where the kind has no such version. */
  public Optional<ApiVersion> version(String apiVersion) {
    return versions.stream().filter(known -> apiVersion(known).equals(apiVersion)).findFirst();
  }

  /** Whether resources of the kind have a namespace. */
  public boolean isNamespaced() {
    return this == TELEMETRY;
  }

  /**
   * Whether the fields of its versions differ, so that an API server has to ask the conversion
   * webhook. Between the versions of the other kinds it changes the {@code apiVersion} by itself.
   */
  public boolean isConvertedByWebhook() {
    return this == LOG_PIPELINE || this == METRIC_PIPELINE;
  }

  /** The name of the resource definition: {@code logpipelines.telemetry.kyma-project.io}. */
  public String definitionName() {
    return plural + "." + group;
  }

  /** Where the definition is on the class path. */
  public String definition() {
    return "crds/" + group + "_" + plural + ".yaml";
  }

  public static ResourceKind of(PipelineKind kind) {
    return switch (kind) {
      case LOG -> LOG_PIPELINE;
      case METRIC -> METRIC_PIPELINE;
      case TRACE -> TRACE_PIPELINE;
    };
  }

  /** The kind of that name, as in a manifest. */
  public static Optional<ResourceKind> named(String kind) {
    return Arrays.stream(values()).filter(known -> known.kind.equals(kind)).findFirst();
  }

  /** The API groups. */
  private static final class Group {
    private static final String TELEMETRY = "telemetry.kyma-project.io";
    private static final String OPERATOR = "operator.kyma-project.io";
    private static final String CARAVAN = "caravan.io";
  }
}
