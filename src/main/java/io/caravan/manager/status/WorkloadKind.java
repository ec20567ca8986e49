/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Telemetry.Gateway;
import io.caravan.api.Telemetry.JournalType;

/** As what a component is deployed, in the words of messages. */
public enum WorkloadKind {
  DAEMON_SET("DaemonSet"),
  DEPLOYMENT("Deployment"),
  STATEFUL_SET("StatefulSet");

  private final String text;

  WorkloadKind(String text) {
    this.text = text;
  }

  /** As what the gateway is deployed where the Telemetry resource asks for this. */
  public static WorkloadKind of(Gateway gateway) {
    return switch (gateway.mode()) {
      case DAEMON_SET -> DAEMON_SET;
      case CENTRAL ->
          gateway.journal().type().orElse(JournalType.EMPTY_DIR)
                  == JournalType.PERSISTENT_VOLUME_CLAIM
              ? STATEFUL_SET
              : DEPLOYMENT;
    };
  }

  /** As Kubernetes writes it. */
  @Override
  public String toString() {
    return text;
  }
}
