/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes records as comma-separated lines, a column a component, under a line with their names. */
final class Csv {

  private Csv() {}

  static <R extends Record> List<String> of(Class<R> type, List<R> records) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.joining(",")));
    for (R row : records) {
      lines.add(
          Arrays.stream(type.getRecordComponents())
              .map(component -> value(component, row))
              .collect(Collectors.joining(",")));
    }
    return lines;
  }

  private static String value(RecordComponent component, Record row) {
    try {
      String text = String.valueOf(component.getAccessor().invoke(row));
      return text.contains(",") ? '"' + text + '"' : text;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
