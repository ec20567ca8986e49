/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

/** A workload of the data plane, as conditions name it. */
public enum Component {
  GATEWAY("OTLP Gateway", "Gateway"),
  LOG_AGENT("Log Agent", "Agent"),
  METRIC_AGENT("Metric Agent", "Agent");

  private final String title;
  private final String role;

  Component(String title, String role) {
    this.title = title;
    this.role = role;
  }

  /** For people: {@code OTLP Gateway}. */
  String title() {
    return title;
  }

  /** What types and reasons begin with: {@code Gateway} or {@code Agent}. */
  String role() {
    return role;
  }
}
