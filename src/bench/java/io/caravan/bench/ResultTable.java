/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The table: a line for each system and load, with the median of the repetitions and, for the cost,
 * the least and the most, and its ratio to the floor's median.
 */
final class ResultTable {

  private static final String FLOOR = "floor";
  private static final String LINE =
      "| %-15s | %-10s | %-20s | %5s | %9s | %5s | %6s | %7s | %-13s |%n";

  private final List<Window> windows;
  private final List<Balance> balances;

  ResultTable(List<Window> windows, List<Balance> balances) {
    this.windows = windows;
    this.balances = balances;
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            LINE,
            "system",
            "load",
            "CPU-s per M spans",
            "floor",
            "spans/s",
            "wakes",
            "MiB",
            "failed",
            "ms p50, p99"));
    table.append("|---|---|---|---|---|---|---|---|---|\n");
    List<String> loads = windows.stream().map(Window::load).distinct().toList();
    List<String> systems = windows.stream().map(Window::system).distinct().toList();
    for (String load : loads) {
      double floor = new Statistics(of(FLOOR, load), Window::cpuSecondsPerMillionSpans).median();
      for (String system : systems) {
        table.append(line(system, load, of(system, load), floor));
      }
    }
    return table
        .append("wakes: voluntary context switches of the server a request; MiB: peak RSS\n")
        .append(lost())
        .append(noise())
        .toString();
  }

  private static String line(String system, String load, List<Window> windows, double floor) {
    Statistics cost = new Statistics(windows, Window::cpuSecondsPerMillionSpans);
    return String.format(
        Locale.ROOT,
        LINE,
        system,
        load,
        String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", cost.median(), cost.least(), cost.most()),
        Double.isNaN(floor) ? "" : String.format(Locale.ROOT, "%.2f", cost.median() / floor),
        String.format(
            Locale.ROOT, "%,.0f", new Statistics(windows, Window::spansPerSecond).median()),
        String.format(
            Locale.ROOT, "%.1f", new Statistics(windows, Window::wakeUpsPerRequest).median()),
        String.format(Locale.ROOT, "%.0f", new Statistics(windows, Window::peakMebibytes).median()),
        String.format(Locale.ROOT, "%,d", windows.stream().mapToLong(Window::failed).sum()),
        String.format(
            Locale.ROOT,
            "%.1f, %.1f",
            new Statistics(windows, Window::medianMicros).median() / 1000,
            new Statistics(windows, Window::p99Micros).median() / 1000));
  }

  private List<Window> of(String system, String load) {
    return windows.stream()
        .filter(window -> window.system().equals(system) && window.load().equals(load))
        .toList();
  }

  private String lost() {
    return balances.stream()
        .collect(Collectors.groupingBy(Balance::system, Collectors.toList()))
        .entrySet()
        .stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%s: %,d spans acknowledged, %,d of them lost%n",
                    entry.getKey(),
                    entry.getValue().stream().mapToLong(Balance::acknowledgedSpans).sum(),
                    entry.getValue().stream().mapToLong(Balance::lostSpans).sum()))
        .sorted()
        .collect(Collectors.joining());
  }

  private String noise() {
    return String.format(
        Locale.ROOT,
        "noise: other processes used %.2f cores in the median window and %.2f in the worst%n",
        new Statistics(windows, window -> window.othersCpu() / window.seconds()).median(),
        new Statistics(windows, window -> window.othersCpu() / window.seconds()).most());
  }
}
