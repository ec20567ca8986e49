/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import io.caravan.api.Condition;

/**
 * What is said of a TelemetryReplay in one word, and why.
 *
 * @param reason of the condition
 * @param message for people
 */
record ReplayVerdict(State state, String reason, String message) {
  /** The one condition: True when all is sent, Unknown as long as it may still be. */
  static final String CONDITION = "Succeeded";

  /** What it does. */
  enum State {
    PENDING("Pending", Condition.Status.UNKNOWN),
    RUNNING("Running", Condition.Status.UNKNOWN),
    COMPLETED("Completed", Condition.Status.TRUE),
    FAILED("Failed", Condition.Status.FALSE);

    private final String text;
    private final Condition.Status status;

    State(String text, Condition.Status status) {
      this.text = text;
      this.status = status;
    }

    /** As the resource has it. */
    @Override
    public String toString() {
      return text;
    }
  }

  static ReplayVerdict invalid(String why) {
    return new ReplayVerdict(State.FAILED, "SpecificationInvalid", why);
  }

  /** It waits for others. */
  static ReplayVerdict later(String why) {
    return new ReplayVerdict(State.PENDING, "OthersGoFirst", why);
  }

  /** It waits for a pipeline that is not there. */
  static ReplayVerdict waitsForPipeline(String why) {
    return new ReplayVerdict(State.PENDING, "PipelineNotFound", why);
  }

  static ReplayVerdict withoutPipeline(String why) {
    return new ReplayVerdict(State.FAILED, "PipelineNotFound", why);
  }

  static ReplayVerdict running(String message) {
    return new ReplayVerdict(State.RUNNING, "Running", message);
  }

  static ReplayVerdict waitsForPods(String why) {
    return new ReplayVerdict(State.RUNNING, "WaitingForPods", why);
  }

  static ReplayVerdict completed(String message) {
    return new ReplayVerdict(State.COMPLETED, "AllReplayed", message);
  }

  static ReplayVerdict incomplete(String why) {
    return new ReplayVerdict(State.FAILED, "NotAllReplayed", why);
  }

  boolean isOver() {
    return state == State.COMPLETED || state == State.FAILED;
  }

  Condition condition() {
    return new Condition(CONDITION, state.status, reason, message);
  }
}
