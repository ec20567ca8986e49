/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/**
 * One condition of a resource's status, without the times that only the API server's shell knows.
 * Positive polarity, as in the contract.
 */
public record Condition(String type, Status status, String reason, String message) {

  /** A condition's status as Kubernetes writes it. */
  public enum Status {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
