/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs the load benchmark and prints its table; the windows and the balances go to {@code
 * target/bench} as CSV. {@code docs/performance.md} lists the options.
 */
final class Benchmark {

  private final Options options;
  private final List<Window> windows = new ArrayList<>();
  private final List<Balance> balances = new ArrayList<>();

  private Benchmark(Options options) {
    this.options = options;
  }

  private void load() throws IOException, InterruptedException {
    Workload workload = options.workload();
    List<String> shape =
        List.of(
            Integer.toString(workload.spansPerBatch()),
            Integer.toString(workload.spanBytes()),
            Integer.toString(options.connections()));
    try (Worker sink = new Worker(Sink.class, List.of());
        Worker generator = new Worker(Generator.class, shape)) {
      Measurement measurement = new Measurement(options, generator, sink);
      List<SystemUnderTest> order = new ArrayList<>(options.systems());
      for (int repetition = 1; repetition <= options.repetitions(); repetition++) {
        for (SystemUnderTest system : order) {
          Measurement.Result result = measurement.of(system, repetition);
          windows.addAll(result.windows());
          balances.add(result.balance());
        }
        // Whoever was first comes last next time, so that no one always follows the same neighbour.
        Collections.rotate(order, -1);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    Benchmark benchmark = new Benchmark(options);
    System.out.println(Machine.describe());
    if (options.runsCaravan()) {
      new CaravanServer(options.launcher()).prepare();
    }
    if (!options.systems().isEmpty()) {
      benchmark.load();
      Path output = Files.createDirectories(options.output());
      Files.write(output.resolve("windows.csv"), Csv.of(Window.class, benchmark.windows));
      Files.write(output.resolve("balances.csv"), Csv.of(Balance.class, benchmark.balances));
      System.out.println(new ResultTable(benchmark.windows, benchmark.balances));
    }
    if (options.coldStarts() > 0) {
      System.out.println(new ColdStart(options).measure());
    }
  }
}
