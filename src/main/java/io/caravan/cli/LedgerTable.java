/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What became of the pipelines' records, for people: as wide as a terminal, for usual names. */
record LedgerTable(JsonNode pipelines, Instant now) {
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

  /** Empty if the process says nothing about records. */
  @Override
  public String toString() {
    TextTable table =
        new TextTable(
            List.of("pipeline", "waiting", "bytes", "oldest", "delivered", "dropped", "dead"));
    boolean any = false;
    for (JsonNode pipeline : pipelines) {
      JsonNode ledger = pipeline.path("ledger");
      if (ledger.has("accepted")) {
        any = true;
        table.add(
            List.of(
                pipeline.path("pipeline").asText(),
                records(ledger.path("queued")),
                bytes(ledger.path("queued").path("bytes").asLong()),
                age(ledger.path("oldest").asText()),
                records(ledger.path("delivered")),
                records(ledger.path("dropped")),
                records(pipeline.path("deadLetters"))));
      }
    }
    return any ? table.toString() : "";
  }

  private static String records(JsonNode amount) {
    return String.format(Locale.ROOT, "%,d", amount.path("records").asLong());
  }

  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.size() - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS.get(unit));
  }

  private String age(String since) {
    return since.isEmpty() ? "-" : age(Duration.between(Instant.parse(since), now));
  }

  /** In the two largest units that it has. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%ds".formatted(seconds / 60, seconds % 60);
    }
    return seconds < 86_400
        ? "%dh%dm".formatted(seconds / 3600, seconds / 60 % 60)
        : "%dd%dh".formatted(seconds / 86_400, seconds / 3600 % 24);
  }
}
