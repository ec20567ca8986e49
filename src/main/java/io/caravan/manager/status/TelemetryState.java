/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

/** {@code status.state} of the Telemetry resource. */
public enum TelemetryState {
  READY("Ready"),
  WARNING("Warning"),
  DELETING("Deleting");

  private final String text;

  TelemetryState(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
