/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What a system was trusted with, and what came out of it.
 *
 * @param acknowledgedSpans spans whose sender heard OK
 * @param deliveredSpans spans that the sink received, those of failed requests too
 */
record Balance(String system, long acknowledgedSpans, long deliveredSpans) {

  long lostSpans() {
    return Math.max(0, acknowledgedSpans - deliveredSpans);
  }
}
