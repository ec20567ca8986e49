/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.acceptance.fixture.ScratchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures one system of a cell from its start to its end, under every load in turn. */
final class Measurement {

  private static final int SETTLE_SECONDS = 2;
  private static final int WARM_UP_REQUESTS = 30_000;

  /** With fewer, what a JVM tells of its allocation is too coarse. */
  private static final int REQUESTS_TO_TELL_ALLOCATION = 5_000;

  private final Options options;
  private final Cell cell;
  private final Helpers helpers;

  Measurement(Options options, Cell cell, Helpers helpers) {
    this.options = options;
    this.cell = cell;
    this.helpers = helpers;
  }

  /** What one start of one system gave. */
  record Result(List<Window> windows, Balance balance) {}

  /** Starts the system, warms it up, and measures a window for each load. */
  Result of(SystemUnderTest system, int repetition) throws IOException, InterruptedException {
    Path folder = ScratchFolder.create("caravan-bench-");
    List<Window> windows = new ArrayList<>();
    try (Server server = system.start(cell.workload(), helpers.sinkPort(), folder)) {
      helpers.connect(server.port());
      helpers.begin(cell.loads().getFirst());
      warmUp(system, helpers, options.warmUpSeconds());
      Ledger ledger = new Ledger(cell.workload(), system, helpers);
      ledger.settle();
      Optional<HeapAllocation> heap =
          system.runsInJvm() ? Optional.of(HeapAllocation.of(server.pid())) : Optional.empty();
      for (OfferedLoad load : cell.loads()) {
        helpers.begin(load);
        seconds(SETTLE_SECONDS);
        Window window = window(system, load, repetition, server.pid(), heap, ledger);
        System.err.printf(
            "%s, %s, %s, repetition %d: %.2f CPU-s per million records%n",
            cell.workload(),
            system.title(),
            load.title(),
            repetition,
            window.cpuSecondsPerMillion());
        windows.add(window);
        ledger.settle();
      }
      helpers.disconnect();
      return new Result(windows, ledger.balance());
    }
  }

  /**
   * Waits until the JIT compilers have seen enough requests: on a machine whose cores are shared, a
   * time alone does not say how many that were. What has none is warm after half the time.
   */
  static void warmUp(SystemUnderTest system, Helpers helpers, int atLeastSeconds)
      throws IOException, InterruptedException {
    if (!system.runsInJvm()) {
      seconds(atLeastSeconds / 2);
      return;
    }
    seconds(atLeastSeconds);
    for (int i = 0; i < atLeastSeconds && helpers.sent().accepted() < WARM_UP_REQUESTS; i++) {
      seconds(1);
    }
  }

  private Window window(
      SystemUnderTest system,
      OfferedLoad load,
      int repetition,
      long pid,
      Optional<HeapAllocation> heap,
      Ledger ledger)
      throws IOException, InterruptedException {
    ProcessUsage.forgetPeak(pid);
    long allocatedBefore = heap.isPresent() ? heap.get().bytes() : 0;
    MachineUsage machineBefore = MachineUsage.now();
    double helpersBefore = helpers.cpuSeconds();
    ledger.note();
    long begin = System.nanoTime();
    ProcessUsage before = ProcessUsage.of(pid);
    seconds(options.windowSeconds());
    ProcessUsage after = ProcessUsage.of(pid);
    LoadReport sent = helpers.sent();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double helpersCpu = helpers.cpuSeconds() - helpersBefore;
    MachineUsage machineAfter = MachineUsage.now();
    double allocated =
        heap.isPresent() && sent.accepted() >= REQUESTS_TO_TELL_ALLOCATION
            ? heap.get().bytes() - allocatedBefore
            : Double.NaN;
    double cpu = after.cpuSeconds() - before.cpuSeconds();
    return new Window(
        cell.workload().toString(),
        system.title(),
        load.title(),
        repetition,
        seconds,
        sent.accepted(),
        sent.failed(),
        sent.accepted() * cell.workload().records(),
        sent.acceptedBytes(),
        cpu,
        after.wakeUps() - before.wakeUps(),
        after.peakBytes(),
        allocated,
        sent.medianMicros(),
        sent.p99Micros(),
        helpersCpu,
        Math.max(0, machineAfter.busySeconds() - machineBefore.busySeconds() - cpu - helpersCpu),
        machineAfter.stolenSeconds() - machineBefore.stolenSeconds());
  }

  static void seconds(int seconds) throws InterruptedException {
    Thread.sleep(seconds * 1000L);
  }
}
