/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

/** When a field is there, by protobuf's rules. */
enum Presence {
  /** There if it is not zero or empty. */
  IMPLICIT,
  /** There if it was set, also to zero: a message, or a field marked {@code optional}. */
  EXPLICIT,
  /** As explicit, and setting it takes away the other members of its oneof. */
  ONEOF,
  REPEATED
}
