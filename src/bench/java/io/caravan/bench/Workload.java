/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What one request of the benchmark looks like.
 *
 * @param spansPerBatch spans in a request, at least 1
 * @param spanBytes about so many bytes of protobuf a span, at least 100
 */
record Workload(int spansPerBatch, int spanBytes) {

  Workload {
    if (spansPerBatch < 1 || spanBytes < 100) {
      throw new IllegalArgumentException(
          "a request needs at least 1 span of at least 100 bytes, not "
              + spansPerBatch
              + " of "
              + spanBytes);
    }
  }
}
