/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/** What a system does to the records besides passing them on. */
enum Work {
  /** Nothing. */
  PASS,
  /** Adds {@link SampleResources#ADDED} to every resource that has no such attribute. */
  ENRICH,
  /** Leaves the resources of the namespace {@link SampleResources#EXCLUDED} out. */
  FILTER
}
