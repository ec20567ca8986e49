/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.acceptance.fixture.ScratchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Offers a system more than it can carry. */
final class OverloadMeasurement {

  private static final Workload WORKLOAD = Workload.parse("").getFirst();

  /** Enough that a system that takes long is still offered more. */
  private static final int CONNECTIONS = 32;

  private static final int MOST_IN_FLIGHT = 64;
  private static final int CALIBRATION_SECONDS = 5;

  private final Options options;

  OverloadMeasurement(Options options) {
    this.options = options;
  }

  OverloadResult of(Overload overload, SystemUnderTest system)
      throws IOException, InterruptedException {
    Path folder = ScratchFolder.create("caravan-bench-");
    try (Helpers helpers = new Helpers(WORKLOAD, CONNECTIONS, MOST_IN_FLIGHT);
        Server server = system.start(WORKLOAD, helpers.sinkPort(), folder)) {
      helpers.connect(server.port());
      int carried = carried(overload, system, helpers);
      OverloadResult result = overloaded(overload, system, helpers, server, carried);
      helpers.disconnect();
      System.err.printf(
          "overload %s, %s: %,d of %,d records accepted%n",
          result.bottleneck(),
          system.title(),
          result.accepted(),
          Math.round(result.offeredPerSecond() * result.seconds()));
      return result;
    }
  }

  /** Warms the system up and returns how many records a second go through it. */
  private int carried(Overload overload, SystemUnderTest system, Helpers helpers)
      throws IOException, InterruptedException {
    helpers.begin(new OfferedLoad.Saturation(1));
    Measurement.warmUp(system, helpers, options.warmUpSeconds());
    helpers.takeSent();
    Measurement.seconds(CALIBRATION_SECONDS);
    long records = helpers.takeSent().accepted() * WORKLOAD.records() / CALIBRATION_SECONDS;
    helpers.stop();
    return switch (overload.bottleneck()) {
      case FAST -> (int) records;
      case SLOW -> Overload.SLOW_RECORDS_PER_SECOND;
    };
  }

  private OverloadResult overloaded(
      Overload overload, SystemUnderTest system, Helpers helpers, Server server, int carried)
      throws IOException, InterruptedException {
    Measurement.seconds(1); // What was under way at the end of the saturation arrives.
    helpers.takeSent();
    long before = helpers.received().records();
    if (overload.bottleneck() == Overload.Bottleneck.SLOW) {
      helpers.limit(carried);
    }
    ProcessUsage.forgetPeak(server.pid());
    ProcessUsage usageBefore = ProcessUsage.of(server.pid());
    long begin = System.nanoTime();
    int offered = Overload.FACTOR * carried;
    helpers.begin(new OfferedLoad.Offered(offered));
    Measurement.seconds(options.overloadSeconds());
    double seconds = (System.nanoTime() - begin) / 1e9;
    ProcessUsage usage = ProcessUsage.of(server.pid());
    helpers.stop();
    LoadReport sent = helpers.sent();
    SinkReport received = helpers.await(before + sent.accepted() * WORKLOAD.records());
    return new OverloadResult(
        overload.bottleneck().name().toLowerCase(Locale.ROOT),
        system.title(),
        carried,
        offered,
        seconds,
        sent.accepted() * WORKLOAD.records(),
        received.records() - before,
        sent.refusedForNow() * WORKLOAD.records(),
        sent.refused() * WORKLOAD.records(),
        sent.unanswered() * WORKLOAD.records(),
        sent.unsent() * WORKLOAD.records(),
        received.abandoned(),
        ProcessUsage.of(server.pid()).peakBytes(),
        usage.cpuSeconds() - usageBefore.cpuSeconds(),
        sent.p99Micros(),
        sent.lastFailure());
  }
}
