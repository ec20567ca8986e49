/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.List;
import java.util.Locale;

/** The table of what systems did with more than they can carry. */
record OverloadTable(List<OverloadResult> results) {

  private static final String LINE =
      "| %-8s | %-15s | %11s | %11s | %11s | %9s | %14s | %9s | %10s | %11s | %5s | %6s |%n";

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            LINE,
            "backend",
            "system",
            "offered",
            "accepted",
            "delivered",
            "lost",
            "refused, delay",
            "refused",
            "unanswered",
            "unsent",
            "MiB",
            "s p99"));
    table.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    results.forEach(result -> table.append(line(result)));
    return table
        .append("records; offered: twice what the system, or the slow backend, carries; refused,\n")
        .append(
            "delay: with RetryInfo; unsent: due while 2,048 requests waited for an answer; s p99: until accepted\n")
        .toString();
  }

  private static String line(OverloadResult result) {
    return String.format(
        LINE,
        result.bottleneck(),
        result.system(),
        number(Math.round(result.offeredPerSecond() * result.seconds())),
        number(result.accepted()),
        number(result.delivered()),
        number(result.lost()),
        number(result.refusedForNow()),
        number(result.refused()),
        number(result.unanswered()),
        number(result.unsent()),
        Long.toString(result.peakBytes() >> 20),
        String.format(Locale.ROOT, "%.1f", result.p99Micros() / 1e6));
  }

  private static String number(long records) {
    return String.format(Locale.ROOT, "%,d", records);
  }
}
