/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/** What the sink has received. Belongs to the sink's only event loop. */
final class SinkCounts {
  long requests;
  long bytes;
  long records;

  void clear() {
    requests = 0;
    bytes = 0;
    records = 0;
  }
}
