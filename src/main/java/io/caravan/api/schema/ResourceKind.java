/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.PipelineKind;
import java.util.Arrays;
import java.util.Optional;

/** The kinds whose definitions are ours, in the version that this program reads. */
public enum ResourceKind {
  LOG_PIPELINE("LogPipeline", "logpipelines", Group.TELEMETRY),
  METRIC_PIPELINE("MetricPipeline", "metricpipelines", Group.TELEMETRY),
  TRACE_PIPELINE("TracePipeline", "tracepipelines", Group.TELEMETRY),
  TELEMETRY("Telemetry", "telemetries", Group.OPERATOR);

  /** The only version that is read. */
  public static final String VERSION = "v1beta1";

  private final String kind;
  private final String plural;
  private final String group;

  ResourceKind(String kind, String plural, String group) {
    this.kind = kind;
    this.plural = plural;
    this.group = group;
  }

  /** As in a manifest: {@code LogPipeline}. */
  public String kind() {
    return kind;
  }

  /** {@code telemetry.kyma-project.io}. */
  public String group() {
    return group;
  }

  /** {@code telemetry.kyma-project.io/v1beta1}. */
  public String apiVersion() {
    return group + "/" + VERSION;
  }

  /** Whether resources of the kind have a namespace. */
  public boolean isNamespaced() {
    return this == TELEMETRY;
  }

  /** Where the definition is on the class path. */
  String definition() {
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
  }
}
