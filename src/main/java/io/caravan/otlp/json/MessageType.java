/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import io.caravan.otlp.wire.WireType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of OTLP: its fields in the order of their numbers. */
final class MessageType {
  /** Stands for the message of a field that holds none. */
  static final MessageType NONE = new MessageType("");

  private final String name;
  private final List<OtlpField> fields = new ArrayList<>();
  private final Map<String, OtlpField> byName = new HashMap<>();
  private int[] byNumber = {};

  MessageType(String name) {
    this.name = name;
  }

  /** Called while the tables are built, and never after. */
  void add(OtlpField field) {
    fields.add(field);
    fields.sort(Comparator.comparingInt(OtlpField::number));
    field.names().forEach(n -> byName.put(n, field));
    byNumber = new int[fields.get(fields.size() - 1).number() + 1];
    Arrays.fill(byNumber, -1);
    for (int i = 0; i < fields.size(); i++) {
      byNumber[fields.get(i).number()] = i;
    }
  }

  String name() {
    return name;
  }

  List<OtlpField> fields() {
    return fields;
  }

  int size() {
    return fields.size();
  }

  OtlpField field(int index) {
    return fields.get(index);
  }

  @Nullable OtlpField named(String key) {
    return byName.get(key);
  }

  /**
   * The index of the field that a tag begins, or -1 if we know none of that number and wire type.
   */
  int indexOf(int tag) {
    int number = WireType.field(tag);
    if (number >= byNumber.length) {
      return -1;
    }
    int index = byNumber[number];
    return index >= 0 && fields.get(index).accepts(WireType.of(tag)) ? index : -1;
  }
}
