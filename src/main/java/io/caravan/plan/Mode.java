/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

/** Where a plan is to run, which decides what inputs exist. */
public enum Mode {
  /** One process on any machine, with a folder for a cluster: data is pushed, nothing is pulled. */
  STANDALONE,
  /**
   * Gateways and agents of a cluster: what they run together, whichever of them serves an input.
   */
  CLUSTER
}
