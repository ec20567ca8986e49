/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A named choice of what to measure: one dimension varied at a time, and what goals are set on. */
enum CellSet {
  /** All that is published; under 25 minutes. */
  STANDARD(
      8,
      6,
      "traces/grpc/none/1000/pass @ saturation 100000 : floor plain route caravan collector collector-queue",
      "logs/grpc @ saturation : floor caravan collector",
      "metrics/grpc @ saturation : floor caravan collector",
      "traces/http @ saturation 100000 : floor plain route caravan collector",
      "traces/grpc/gzip @ saturation 100000 : floor caravan collector",
      "traces/grpc/zstd @ saturation : floor caravan collector",
      "traces/http/gzip @ saturation : floor caravan collector",
      "traces/grpc/none/100 @ saturation : floor caravan collector",
      "traces/grpc/none/8192 @ saturation : floor caravan collector",
      "traces/grpc/none/1000/enrich @ saturation 10000 100000 : floor caravan collector",
      "traces/grpc/gzip/1000/enrich @ saturation 100000 : floor caravan collector",
      "traces/grpc/zstd/1000/enrich @ saturation : floor caravan collector",
      "logs/grpc/none/1000/filter @ saturation 100000 : floor caravan collector"),
  /** For a look before and after a change; under 4 minutes. */
  QUICK(
      6,
      6,
      "traces/grpc @ saturation 100000 : floor caravan collector",
      "traces/http @ saturation : floor caravan",
      "traces/grpc/none/1000/enrich @ saturation : floor caravan",
      "traces/grpc/gzip/1000/enrich @ saturation : floor caravan");

  private final int warmUpSeconds;
  private final int windowSeconds;
  private final List<String> cells;

  CellSet(int warmUpSeconds, int windowSeconds, String... cells) {
    this.warmUpSeconds = warmUpSeconds;
    this.windowSeconds = windowSeconds;
    this.cells = List.of(cells);
  }

  static CellSet named(String name) {
    return Stream.of(values())
        .filter(set -> set.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("--set is standard or quick, not '" + name + "'"));
  }

  int warmUpSeconds() {
    return warmUpSeconds;
  }

  int windowSeconds() {
    return windowSeconds;
  }

  /**
   * @param saturation what stands for {@code saturation}
   */
  List<Cell> cells(KnownSystems systems, OfferedLoad.Saturation saturation) {
    List<Cell> all = new ArrayList<>();
    for (String cell : cells) {
      String[] parts = cell.split(" [@:] ", -1);
      all.add(
          new Cell(
              Workload.parse(parts[0]).getFirst(),
              OfferedLoad.parse(parts[1].split(" ", -1), saturation),
              systems.named(parts[2].split(" ", -1))));
    }
    return all;
  }
}
