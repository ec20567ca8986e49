/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
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

  /** Requests that may be in flight on a connection of gRPC when the rate is fixed. */
  private static final int MOST_IN_FLIGHT = 32;

  private final Options options;
  private final List<Window> windows = new ArrayList<>();
  private final List<Balance> balances = new ArrayList<>();
  private final List<OverloadResult> overloads = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  private Benchmark(Options options) {
    this.options = options;
  }

  private void cells() throws IOException, InterruptedException {
    for (Cell cell : options.cells()) {
      if (!cell.systems().isEmpty()) {
        cell(cell);
      }
    }
  }

  private void cell(Cell cell) throws IOException, InterruptedException {
    int inFlight =
        switch (cell.workload().transport()) {
          case GRPC -> MOST_IN_FLIGHT;
          case HTTP -> options.inFlight();
        };
    try (Helpers helpers = new Helpers(cell.workload(), options.connections(), inFlight)) {
      Measurement measurement = new Measurement(options, cell, helpers);
      List<SystemUnderTest> order = new ArrayList<>(cell.systems());
      for (int repetition = 1; repetition <= options.repetitions(); repetition++) {
        for (SystemUnderTest system : order) {
          try {
            Measurement.Result result = measurement.of(system, repetition);
            windows.addAll(result.windows());
            balances.add(result.balance());
          } catch (IOException e) {
            failed(cell.workload() + ", " + system.title(), e);
            helpers.restart();
          }
        }
        // Whoever was first comes last next time, so that no one always follows the same neighbour.
        Collections.rotate(order, -1);
      }
    }
  }

  private void overloads() throws IOException, InterruptedException {
    OverloadMeasurement measurement = new OverloadMeasurement(options);
    for (Overload overload : options.overloads()) {
      for (SystemUnderTest system : overload.systems()) {
        try {
          overloads.add(measurement.of(overload, system));
        } catch (IOException e) {
          failed("overload, " + system.title(), e);
        }
      }
    }
  }

  /** One system that fails costs its own lines and not the whole table. */
  private void failed(String what, IOException why) {
    String line = "FAILED: " + what + ": " + why.getMessage();
    System.err.println(line);
    failures.add(line);
  }

  private void bodies() throws IOException {
    for (Signal signal : Signal.values()) {
      System.out.println(SampleBodies.describe(signal, 1000));
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
      new CaravanServer(options.launcher(), "delivered").prepare();
    }
    benchmark.bodies();
    Path output = Files.createDirectories(options.output());
    if (!options.cells().isEmpty()) {
      benchmark.cells();
      Files.write(output.resolve("windows.csv"), Csv.of(Window.class, benchmark.windows));
      Files.write(output.resolve("balances.csv"), Csv.of(Balance.class, benchmark.balances));
      System.out.println(new ResultTable(benchmark.windows, benchmark.balances));
    }
    if (!options.overloads().isEmpty()) {
      benchmark.overloads();
      Files.write(
          output.resolve("overloads.csv"), Csv.of(OverloadResult.class, benchmark.overloads));
      System.out.println(new OverloadTable(benchmark.overloads));
    }
    if (options.coldStarts() > 0) {
      System.out.println(new ColdStart(options).measure());
    }
    benchmark.failures.forEach(System.out::println);
    if (!benchmark.failures.isEmpty()) {
      System.exit(1);
    }
  }
}
