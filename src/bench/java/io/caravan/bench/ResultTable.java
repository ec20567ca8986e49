/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table: a line for each workload, load and system, with the median of the repetitions and, for
 * the cost, the least and the most, and its ratio to the floor's median.
 */
final class ResultTable {

  private static final String FLOOR = "floor";
  private static final String LINE =
      "| %-28s | %-10s | %-15s | %-20s | %5s | %9s | %7s | %4s | %6s | %5s | %7s | %-13s |%n";

  private final List<Window> windows;
  private final List<Balance> balances;

  /** What the lines of a row share. */
  private record Row(String workload, String load) {}

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
            "workload",
            "load",
            "system",
            "CPU-s per M records",
            "floor",
            "records/s",
            "alloc/r",
            "B/B",
            "wakes",
            "MiB",
            "failed",
            "ms p50, p99"));
    table.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    Map<Row, List<Window>> rows =
        windows.stream()
            .collect(
                Collectors.groupingBy(
                    window -> new Row(window.workload(), window.load()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    rows.forEach((row, ofRow) -> lines(table, row, ofRow));
    return table
        .append("alloc/r, B/B: heap bytes a record, and a byte of protobuf; ")
        .append("wakes: voluntary context switches of the server a request; MiB: peak RSS\n")
        .append(wrong())
        .append(noise())
        .toString();
  }

  private static void lines(StringBuilder table, Row row, List<Window> ofRow) {
    Map<String, List<Window>> systems =
        ofRow.stream()
            .collect(
                Collectors.groupingBy(Window::system, LinkedHashMap::new, Collectors.toList()));
    double floor =
        new Statistics(systems.getOrDefault(FLOOR, List.of()), Window::cpuSecondsPerMillion)
            .median();
    systems.forEach((system, measured) -> table.append(line(row, system, measured, floor)));
  }

  private static String line(Row row, String system, List<Window> windows, double floor) {
    Statistics cost = new Statistics(windows, Window::cpuSecondsPerMillion);
    return String.format(
        Locale.ROOT,
        LINE,
        row.workload(),
        row.load(),
        system,
        windows.size() == 1
            ? number("%.2f", cost.median())
            : String.format(
                Locale.ROOT, "%.2f (%.2f to %.2f)", cost.median(), cost.least(), cost.most()),
        number("%.2f", cost.median() / floor),
        number("%,.0f", new Statistics(windows, Window::recordsPerSecond).median()),
        number("%.1f", new Statistics(windows, Window::allocatedPerRecord).median()),
        number("%.2f", new Statistics(windows, Window::allocatedPerPayloadByte).median()),
        number("%.1f", new Statistics(windows, Window::wakeUpsPerRequest).median()),
        number("%.0f", new Statistics(windows, Window::peakMebibytes).median()),
        String.format(Locale.ROOT, "%,d", windows.stream().mapToLong(Window::failed).sum()),
        String.format(
            Locale.ROOT,
            "%.1f, %.1f",
            new Statistics(windows, Window::medianMicros).median() / 1000,
            new Statistics(windows, Window::p99Micros).median() / 1000));
  }

  /** What cannot be told stays empty. */
  private static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  /** Says what was lost, and who did not do the work; or that all is well. */
  private String wrong() {
    StringBuilder lines = new StringBuilder();
    for (Balance balance : balances) {
      if (balance.lostRecords() > 0) {
        lines.append(
            String.format(
                Locale.ROOT,
                "LOST: %s, %s: %,d of %,d acknowledged records%n",
                balance.workload(),
                balance.system(),
                balance.lostRecords(),
                balance.acknowledgedRecords()));
      }
      if (!balance.showsTheWork()) {
        lines.append(
            String.format(
                Locale.ROOT,
                "WRONG: %s, %s: what came out does not show the work: %,d bytes in, %,d out%n",
                balance.workload(),
                balance.system(),
                balance.acknowledgedBytes(),
                balance.deliveredBytes()));
      }
    }
    if (lines.isEmpty()) {
      lines.append(
          String.format(
              Locale.ROOT,
              "no acknowledged record was lost, of %,d%n",
              balances.stream().mapToLong(Balance::acknowledgedRecords).sum()));
    }
    return lines.toString();
  }

  private String noise() {
    return String.format(
        Locale.ROOT,
        "noise: other processes used %.2f cores in the median window and %.2f in the worst%n",
        new Statistics(windows, window -> window.othersCpu() / window.seconds()).median(),
        new Statistics(windows, window -> window.othersCpu() / window.seconds()).most());
  }
}
