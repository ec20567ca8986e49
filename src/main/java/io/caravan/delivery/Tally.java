/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

/** Counts what happens to the attempts of a pipeline. Guarded by its lock. */
final class Tally {
  private long attempts;
  private long timedOut;
  private long late;
  private long repeated;
  private long divided;

  void attempted() {
    attempts++;
  }

  void timedOut() {
    timedOut++;
  }

  void late() {
    late++;
  }

  void repeated() {
    repeated++;
  }

  void divided() {
    divided++;
  }

  DeliveryState.Counts counts() {
    return new DeliveryState.Counts(attempts, timedOut, late, repeated, divided);
  }
}
