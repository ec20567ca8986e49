/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle and the ends of a few measurements; all of them NaN if there are none. */
final class Statistics {

  private final double[] sorted;

  <T> Statistics(List<T> measured, ToDoubleFunction<T> value) {
    sorted = measured.stream().mapToDouble(value).sorted().toArray();
  }

  double median() {
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return sorted.length == 0 ? Double.NaN : sorted[0];
  }

  double most() {
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
  }
}
