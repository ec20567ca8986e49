/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What a system was trusted with, and what came out of it.
 *
 * @param acknowledgedRecords records whose sender heard OK, less those that the work leaves out
 * @param deliveredRecords records that the sink acknowledged, those of failed requests too
 * @param acknowledgedRequests requests whose sender heard OK
 * @param acknowledgedBytes their protobuf
 * @param deliveredBytes the protobuf of what was delivered
 */
record Balance(
    String workload,
    String system,
    Work work,
    long acknowledgedRecords,
    long deliveredRecords,
    long acknowledgedRequests,
    long acknowledgedBytes,
    long deliveredBytes) {

  /** Less than what the names of the added attributes take. */
  private static final int LEAST_ADDED = 80 * SampleResources.COUNT;

  long lostRecords() {
    return Math.max(0, acknowledgedRecords - deliveredRecords);
  }

  /** Whether what came out is what the work makes of what went in. */
  boolean showsTheWork() {
    return switch (work) {
      case PASS -> true;
      case ENRICH -> deliveredBytes - acknowledgedBytes >= acknowledgedRequests * LEAST_ADDED;
      case FILTER -> deliveredBytes < acknowledgedBytes;
    };
  }
}
