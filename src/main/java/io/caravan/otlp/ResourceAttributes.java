/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import io.caravan.otlp.wire.WireType;

/**
 * Reads the attributes of a {@code Resource} message on its bytes, one call of {@link #attribute}
 * each.
 *
 * <p>As protobuf merges: a {@code KeyValue} takes its last key, and of the members of an {@code
 * AnyValue} the last one set counts. Fed with every part of a resource in turn, since protobuf
 * joins the parts of a repeated sub-message.
 */
abstract class ResourceAttributes {
  private static final int ATTRIBUTES = WireType.tag(1, WireType.LENGTH);
  private static final int KEY = WireType.tag(1, WireType.LENGTH);
  private static final int VALUE = WireType.tag(2, WireType.LENGTH);
  private static final int STRING_VALUE = WireType.tag(1, WireType.LENGTH);

  /** The start of a value that is no string. */
  static final int NO_STRING = -1;

  final WireReader reader;

  private int valueStart;
  private int valueLength;

  ResourceAttributes(WireReader reader) {
    this.reader = reader;
  }

  /**
   * An attribute, with offsets of the reader.
   *
   * @param valueStart where its string begins, {@link #NO_STRING} if it is of another type
   */
  abstract void attribute(int keyStart, int keyLength, int valueStart, int valueLength);

  /** Reads the {@code Resource} message in the reader's window. */
  final void read() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == ATTRIBUTES) {
        int outer = reader.enter(reader.length());
        keyValue();
        reader.leave(outer);
      } else {
        reader.skipField(tag);
      }
    }
  }

  private void keyValue() throws MalformedOtlpException {
    int keyStart = 0;
    int keyLength = 0;
    valueStart = NO_STRING;
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
    attribute(keyStart, keyLength, valueStart, valueLength);
  }

  private void anyValue() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.tag();
      if (tag == STRING_VALUE) {
        valueLength = reader.length();
        valueStart = reader.position();
        reader.skip(valueLength);
      } else {
        if (isOtherMember(tag)) {
          valueStart = NO_STRING;
        }
        reader.skipField(tag);
      }
    }
  }

  /** Whether it sets another member of the oneof; in another wire type it is an unknown field. */
  private static boolean isOtherMember(int tag) {
    int expected =
        switch (WireType.field(tag)) {
          case 2, 3, 8 -> WireType.VARINT; // bool, int, index of a string
          case 4 -> WireType.FIXED64; // double
          case 5, 6, 7 -> WireType.LENGTH; // array, kvlist, bytes
          default -> -1;
        };
    return WireType.of(tag) == expected;
  }
}
