/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures one system from its start to its end, under every load in turn. */
final class Measurement {

  private static final int SETTLE_SECONDS = 3;
  private static final int WARM_UP_REQUESTS = 30_000;
  private static final int DRAIN_SECONDS = 30;

  private final Options options;
  private final Worker generator;
  private final Worker sink;
  private final int sinkPort;

  Measurement(Options options, Worker generator, Worker sink) throws IOException {
    this.options = options;
    this.generator = generator;
    this.sink = sink;
    this.sinkPort = Integer.parseInt(sink.ask("port"));
  }

  /** What one start of one system gave. */
  record Result(List<Window> windows, Balance balance) {}

  /** Starts the system, warms it up, and measures a window for each load. */
  Result of(SystemUnderTest system, int repetition) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("caravan-bench-");
    List<Window> windows = new ArrayList<>();
    sink.ask("clear");
    generator.ask("clear");
    try (Server server = system.start(sinkPort, folder)) {
      generator.ask("connect " + server.port());
      generator.ask(options.loads().getFirst().command());
      warmUp();
      Balance balance = settle(system, 0);
      for (OfferedLoad load : options.loads()) {
        generator.ask("clear");
        generator.ask(load.command());
        seconds(SETTLE_SECONDS);
        Window window = window(system, load, repetition, server.pid());
        System.err.printf(
            "%s, %s, repetition %d: %.2f CPU-s per million spans%n",
            system.title(), load.title(), repetition, window.cpuSecondsPerMillionSpans());
        windows.add(window);
        balance = settle(system, balance.acknowledgedSpans());
      }
      generator.ask("disconnect");
      return new Result(windows, balance);
    }
  }

  /**
   * Waits until the JIT compilers have seen enough requests: on a machine whose cores are shared, a
   * time alone does not say how many that were.
   */
  private void warmUp() throws IOException, InterruptedException {
    seconds(options.warmUpSeconds());
    for (int i = 0; i < 2 * options.warmUpSeconds() && acknowledged() < WARM_UP_REQUESTS; i++) {
      seconds(1);
    }
  }

  private long acknowledged() throws IOException {
    return Long.parseLong(generator.ask("report").split(" ", 2)[0]);
  }

  private Window window(SystemUnderTest system, OfferedLoad load, int repetition, long pid)
      throws IOException, InterruptedException {
    ProcessUsage.forgetPeak(pid);
    generator.ask("clear");
    MachineUsage machineBefore = MachineUsage.now();
    double helpersBefore = helpersCpu();
    long begin = System.nanoTime();
    ProcessUsage before = ProcessUsage.of(pid);
    seconds(options.windowSeconds());
    ProcessUsage after = ProcessUsage.of(pid);
    String[] report = generator.ask("report").split(" ", 5);
    double seconds = (System.nanoTime() - begin) / 1e9;
    double helpers = helpersCpu() - helpersBefore;
    MachineUsage machineAfter = MachineUsage.now();
    double cpu = after.cpuSeconds() - before.cpuSeconds();
    long acknowledged = Long.parseLong(report[0]);
    return new Window(
        system.title(),
        load.title(),
        repetition,
        seconds,
        acknowledged,
        Long.parseLong(report[1]),
        acknowledged * options.workload().spansPerBatch(),
        cpu,
        after.wakeUps() - before.wakeUps(),
        after.peakBytes(),
        Long.parseLong(report[2]),
        Long.parseLong(report[3]),
        helpers,
        Math.max(0, machineAfter.busySeconds() - machineBefore.busySeconds() - cpu - helpers),
        machineAfter.stolenSeconds() - machineBefore.stolenSeconds());
  }

  private double helpersCpu() throws IOException {
    return ProcessUsage.of(generator.pid()).cpuSeconds() + ProcessUsage.of(sink.pid()).cpuSeconds();
  }

  /** Stops the load and waits until what was acknowledged has come out at the other end. */
  private Balance settle(SystemUnderTest system, long acknowledgedBefore)
      throws IOException, InterruptedException {
    generator.ask("stop");
    long acknowledged = acknowledgedBefore + acknowledged() * options.workload().spansPerBatch();
    long received = received();
    for (int i = 0; i < DRAIN_SECONDS * 10 && received < acknowledged; i++) {
      Thread.sleep(100);
      received = received();
    }
    return new Balance(system.title(), acknowledged, received);
  }

  private long received() throws IOException {
    return Long.parseLong(sink.ask("report").split(" ", 3)[2]);
  }

  private static void seconds(int seconds) throws InterruptedException {
    Thread.sleep(seconds * 1000L);
  }
}
