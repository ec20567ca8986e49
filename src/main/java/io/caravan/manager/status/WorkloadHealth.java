/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

/** How a workload of the data plane stands. */
public sealed interface WorkloadHealth {

  /** All its pods are ready and run what the manager applied. */
  record Ready(WorkloadKind kind) implements WorkloadHealth {
    /** Of a DaemonSet. */
    public Ready() {
      this(WorkloadKind.DAEMON_SET);
    }
  }

  /** Its pods are being started or replaced, and none of them has failed. */
  record RollingOut() implements WorkloadHealth {}

  /**
   * It does not work.
   *
   * @param message why, for people
   */
  record NotReady(String message) implements WorkloadHealth {}

  /** No valid pipeline needs it. */
  record NotRequired() implements WorkloadHealth {}
}
