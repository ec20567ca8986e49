/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What the sink has received since its counts were last cleared.
 *
 * @param requests answered requests
 * @param records their records
 * @param bytes of their protobuf, before compression
 * @param abandoned requests that nobody waited for any more when their answer was ready
 */
record SinkReport(long requests, long records, long bytes, long abandoned) {

  static SinkReport parse(String line) {
    String[] fields = line.split(" ", 4);
    return new SinkReport(
        Long.parseLong(fields[0]),
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]));
  }
}
