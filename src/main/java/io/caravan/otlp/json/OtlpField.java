/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.io.SerializedString;
import io.caravan.otlp.wire.WireType;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A field of an OTLP message.
 *
 * @param name as it stands in JSON, lowerCamelCase
 * @param message the message that it holds; {@link MessageType#NONE} if it holds none
 * @param enumNumbers the numbers of an enum's names; empty if it is none
 */
record OtlpField(
    int number,
    SerializedString name,
    FieldType type,
    Presence presence,
    MessageType message,
    Map<String, Integer> enumNumbers) {

  boolean repeated() {
    return presence == Presence.REPEATED;
  }

  boolean packed() {
    return repeated() && type.packable();
  }

  /** The tag as canonical protobuf has it. */
  int tag() {
    return WireType.tag(number, packed() ? WireType.LENGTH : type.wireType());
  }

  /** Whether a field of that wire type is this one, packed or not. */
  boolean accepts(int wireType) {
    return wireType == type.wireType() || (packed() && wireType == WireType.LENGTH);
  }

  /** What it may be called in JSON: {@code timeUnixNano}, and leniently {@code time_unix_nano}. */
  List<String> names() {
    String camel = name.getValue();
    String snake = camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return List.of(camel, snake);
  }
}
