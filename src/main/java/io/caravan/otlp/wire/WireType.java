/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.wire;

/**
 * The wire types of protobuf: the low three bits of a tag. Source: "Encoding" in the Protocol
 * Buffers documentation.
 */
public final class WireType {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH = 2;
  public static final int GROUP_START = 3;
  public static final int GROUP_END = 4;
  public static final int FIXED32 = 5;

  private WireType() {}

  /** The tag of a field of that number and wire type. */
  public static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  public static int of(int tag) {
    return tag & 7;
  }

  public static int field(int tag) {
    return tag >>> 3;
  }
}
