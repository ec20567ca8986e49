/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/** The three kinds of pipeline of {@code telemetry.kyma-project.io}. */
public enum PipelineKind {
  LOG("LogPipeline", "logpipeline", "logs"),
  METRIC("MetricPipeline", "metricpipeline", "metrics"),
  TRACE("TracePipeline", "tracepipeline", "traces");

  private final String kind;
  private final String singular;
  private final String signal;

  PipelineKind(String kind, String singular, String signal) {
    this.kind = kind;
    this.singular = singular;
    this.signal = signal;
  }

  /** As in a manifest: {@code LogPipeline}. */
  public String kind() {
    return kind;
  }

  /** As in ids: {@code logpipeline}. */
  public String singular() {
    return singular;
  }

  /** {@code logs}, {@code metrics} or {@code traces}. */
  public String signal() {
    return signal;
  }
}
