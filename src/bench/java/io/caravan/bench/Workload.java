/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is sent to a system, and what it does with it. On the command line and in the table it is
 * written {@code traces/grpc/none/1000/pass}.
 *
 * @param encoding how the requests are compressed, those that come in and those that go out
 * @param records spans, data points or log records of a request, at least as many as it has
 *     resources
 */
record Workload(Signal signal, Transport transport, BodyEncoding encoding, int records, Work work) {

  private static final List<String> BASE = List.of("traces", "grpc", "none", "1000", "pass");

  Workload {
    if (records < SampleResources.COUNT) {
      throw new IllegalArgumentException(
          "a request has at least %d records, not %d".formatted(SampleResources.COUNT, records));
    }
  }

  /**
   * Reads workloads from {@code SIGNAL/TRANSPORT/ENCODING/RECORDS/WORK}: parts that are missing at
   * its end are those of the base, and a part may name several, joined by {@code +}.
   */
  static List<Workload> parse(String text) {
    List<String> given = Arrays.asList(text.strip().split("/", -1));
    if (given.size() > BASE.size()) {
      throw new IllegalArgumentException("a cell is written " + BASE + ", with /, not " + text);
    }
    List<List<String>> all = List.of(List.of());
    for (int i = 0; i < BASE.size(); i++) {
      String part = i < given.size() && !given.get(i).isBlank() ? given.get(i) : BASE.get(i);
      all = product(all, part.split("\\+", -1));
    }
    return all.stream().map(Workload::of).toList();
  }

  private static List<List<String>> product(List<List<String>> heads, String[] tails) {
    List<List<String>> all = new ArrayList<>();
    for (List<String> head : heads) {
      for (String tail : tails) {
        List<String> longer = new ArrayList<>(head);
        longer.add(tail);
        all.add(longer);
      }
    }
    return all;
  }

  private static Workload of(List<String> parts) {
    return new Workload(
        word(Signal.class, parts.get(0)),
        word(Transport.class, parts.get(1)),
        word(BodyEncoding.class, parts.get(2)),
        Integer.parseInt(parts.get(3)),
        word(Work.class, parts.get(4)));
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> lower(constant).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is none of %s"
                        .formatted(
                            text,
                            Arrays.stream(type.getEnumConstants())
                                .map(Workload::lower)
                                .collect(Collectors.joining(", ")))));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** How many of a request's records come out of a system that does the work. */
  int keptRecords() {
    return work == Work.FILTER
        ? records - SampleResources.recordsOf(records, SampleResources.EXCLUDED_INDEX)
        : records;
  }

  @Override
  public String toString() {
    return String.join(
        "/",
        lower(signal),
        lower(transport),
        lower(encoding),
        Integer.toString(records),
        lower(work));
  }
}
