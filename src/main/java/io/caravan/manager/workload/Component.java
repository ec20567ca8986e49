/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

/** A part of the data plane that is deployed as a workload of its own. */
public enum Component {
  /** Receives OTLP. */
  GATEWAY("telemetry-otlp-gateway", "gateway", "gateway"),
  /** Reads the log files of its node's containers. */
  LOG_AGENT("telemetry-log-agent", "agent", "log-agent"),
  /** Collects the metrics of its node. */
  METRIC_AGENT("telemetry-metric-agent", "agent", "metric-agent");

  private final String objectName;
  private final String family;
  private final String command;

  Component(String objectName, String family, String command) {
    this.objectName = objectName;
    this.family = family;
    this.command = command;
  }

  /** The name of its workload, account, roles and policies, and its label {@code name}. */
  public String objectName() {
    return objectName;
  }

  /** Its label {@code component}. */
  String family() {
    return family;
  }

  /** The command of the program, and the name of the folder that has its journals. */
  public String command() {
    return command;
  }
}
