/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Duration;
import java.util.Locale;

/**
 * What a backend got in some part of a run.
 *
 * @param perSecond new records a second
 * @param duplicates records that came again
 * @param latency from the making of a request to its OK, of 99 % of them
 */
record Window(double perSecond, long duplicates, Duration latency) {

  /** The next part of the run, so long. */
  static Window of(Stage stage, ScriptedBackend backend, Duration length) {
    return of(backend, () -> stage.sendFor(length));
  }

  /** The part of the run in which this is done. */
  static Window of(ScriptedBackend backend, Runnable work) {
    Arrivals arrivals = backend.arrivals();
    arrivals.latencies();
    long began = System.nanoTime();
    long records = arrivals.numbers().size();
    long duplicates = arrivals.duplicates();
    work.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Window(
        (arrivals.numbers().size() - records) / seconds,
        arrivals.duplicates() - duplicates,
        arrivals.latencies().quantile(0.99));
  }

  String line(String neighbour) {
    return String.format(
        Locale.ROOT,
        "proof scenario=\"isolation\" form=%s neighbour=\"%s\" per_second=%.0f duplicates=%d"
            + " p99=%.1fms",
        Form.CURRENT.name().toLowerCase(Locale.ROOT),
        neighbour,
        perSecond,
        duplicates,
        latency.toNanos() / 1e6);
  }
}
