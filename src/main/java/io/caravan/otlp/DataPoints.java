/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import io.caravan.otlp.wire.WireType;

/**
 * Counts the data points of a {@code Metric} message on its bytes.
 *
 * <p>Its data are members of a oneof: a member that occurs twice is merged and the points of both
 * count, and a different member that follows takes the place of the one before.
 */
final class DataPoints {
  static final int POINT = WireType.tag(1, WireType.LENGTH);

  private DataPoints() {}

  /** Reads the length and the content of a metric. */
  static int count(WireReader reader) throws MalformedOtlpException {
    int outer = reader.enter(reader.length());
    int data = 0;
    int points = 0;
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (isData(tag)) {
        int sum = tag == data ? points : 0;
        points = sum + points(reader);
        data = tag;
      } else {
        reader.skipField(tag);
      }
    }
    reader.leave(outer);
    return points;
  }

  /** Gauge 5, Sum 7, Histogram 9, ExponentialHistogram 10, Summary 11. */
  static boolean isData(int tag) {
    if (WireType.of(tag) != WireType.LENGTH) {
      return false;
    }
    int field = WireType.field(tag);
    return field == 5 || field == 7 || (field >= 9 && field <= 11);
  }

  private static int points(WireReader reader) throws MalformedOtlpException {
    int outer = reader.enter(reader.length());
    int points = 0;
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == POINT) {
        points++;
        reader.skip(reader.length());
      } else {
        reader.skipField(tag);
      }
    }
    reader.leave(outer);
    return points;
  }
}
