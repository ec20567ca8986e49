/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import io.caravan.otlp.wire.WireType;

/**
 * Finds one string attribute of a {@code Resource} message on its bytes.
 *
 * <p>As protobuf merges: of a key that occurs twice the last wins, a {@code KeyValue} takes its
 * last key, and of the members of an {@code AnyValue} the last one set counts. Fed with every part
 * of a resource in turn, since protobuf joins the parts of a repeated sub-message.
 */
final class ResourceAttributes {
  private static final int ATTRIBUTES = WireType.tag(1, WireType.LENGTH);
  private static final int KEY = WireType.tag(1, WireType.LENGTH);
  private static final int VALUE = WireType.tag(2, WireType.LENGTH);
  private static final int STRING_VALUE = WireType.tag(1, WireType.LENGTH);
  private static final int LAST_VALUE_FIELD = 8;

  private final WireReader reader;
  private final byte[] key;

  private int foundStart = -1;
  private int foundLength;

  private int valueStart;
  private int valueLength;

  ResourceAttributes(WireReader reader, byte[] key) {
    this.reader = reader;
    this.key = key;
  }

  /** Whether the last attribute of that key so far is a string. */
  boolean found() {
    return foundStart >= 0;
  }

  String value() {
    return reader.utf8(foundStart, foundLength);
  }

  /** Reads the {@code Resource} message in the reader's window. */
  void read() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == ATTRIBUTES) {
        int outer = reader.enter(reader.length());
        attribute();
        reader.leave(outer);
      } else {
        reader.skipField(tag);
      }
    }
  }

  private void attribute() throws MalformedOtlpException {
    int keyStart = 0;
    int keyLength = 0;
    valueStart = -1;
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == KEY) {
        keyLength = reader.length();
        keyStart = reader.position();
        reader.skip(keyLength);
      } else if (tag == VALUE) {
        int outer = reader.enter(reader.length());
        anyValue();
        reader.leave(outer);
      } else {
        reader.skipField(tag);
      }
    }
    if (keyLength == key.length && reader.matches(keyStart, key)) {
      foundStart = valueStart;
      foundLength = valueLength;
    }
  }

  private void anyValue() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == STRING_VALUE) {
        valueLength = reader.length();
        valueStart = reader.position();
        reader.skip(valueLength);
      } else {
        if (WireType.field(tag) <= LAST_VALUE_FIELD) {
          valueStart = -1;
        }
        reader.skipField(tag);
      }
    }
  }
}
