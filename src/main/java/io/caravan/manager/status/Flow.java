/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

/** What becomes of a pipeline's telemetry in one component, the better before the worse. */
public enum Flow {
  HEALTHY,
  /** Senders are asked to come again. */
  THROTTLING,
  /** What waits for the backend nears its bound. */
  BUFFER_FILLING_UP,
  /** The backend takes nothing; what comes is kept, and nothing is lost yet. */
  NOTHING_DELIVERED,
  /** Some is delivered, and some is lost. */
  SOME_DROPPED,
  /** Nothing is delivered, and some is lost. */
  ALL_DROPPED,
  /** Nobody could be asked. */
  UNKNOWN
}
