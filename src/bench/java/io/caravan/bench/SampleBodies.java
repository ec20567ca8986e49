/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** The few distinct requests of a workload; the same workload has the same ones in every run. */
final class SampleBodies {

  private static final long SEED = 42;
  private static final int MOST = 32;

  /** Bounds the memory of the generator where the requests are large. */
  private static final int MOST_BYTES = 32 << 20;

  private SampleBodies() {}

  /** Returns requests as protobuf, one at least. */
  static List<byte[]> of(Signal signal, int records) {
    IntFunction<byte[]> source = source(signal);
    List<byte[]> bodies = new ArrayList<>();
    int bytes = 0;
    while (bodies.isEmpty() || (bodies.size() < MOST && bytes < MOST_BYTES)) {
      byte[] body = source.apply(records);
      bytes += body.length;
      bodies.add(body);
    }
    return bodies;
  }

  private static IntFunction<byte[]> source(Signal signal) {
    SampleValues values = new SampleValues(SEED);
    return switch (signal) {
      case TRACES -> new SampleTraces(values)::next;
      case METRICS -> new SampleMetrics(values)::next;
      case LOGS -> new SampleLogs(values)::next;
    };
  }

  /** Says in a line how large a signal's records are and how well its requests compress. */
  static String describe(Signal signal, int records) throws IOException {
    byte[] body = of(signal, records).getFirst();
    return String.format(
        Locale.ROOT,
        "%s, %,d a request: %d bytes a record, gzip %.1f : 1, zstd %.1f : 1",
        signal.lowerName(),
        records,
        body.length / records,
        (double) body.length / BodyEncoding.GZIP.encode(body).length,
        (double) body.length / BodyEncoding.ZSTD.encode(body).length);
  }
}
