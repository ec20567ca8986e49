/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import io.caravan.otlp.wire.WireType;

/** The types of fields that OTLP uses, with how they lie on the wire. */
enum FieldType {
  MESSAGE(WireType.LENGTH),
  STRING(WireType.LENGTH),
  BYTES(WireType.LENGTH),
  /** A trace id, 16 bytes: hex in JSON. */
  TRACE_ID(WireType.LENGTH),
  /** A span id, 8 bytes: hex in JSON. */
  SPAN_ID(WireType.LENGTH),
  BOOL(WireType.VARINT),
  ENUM(WireType.VARINT),
  INT32(WireType.VARINT),
  UINT32(WireType.VARINT),
  SINT32(WireType.VARINT),
  FIXED32(WireType.FIXED32),
  INT64(WireType.VARINT),
  UINT64(WireType.VARINT),
  FIXED64(WireType.FIXED64),
  SFIXED64(WireType.FIXED64),
  DOUBLE(WireType.FIXED64);

  private final int wireType;

  FieldType(int wireType) {
    this.wireType = wireType;
  }

  int wireType() {
    return wireType;
  }

  /** Whether a repeated field of it is packed into one piece. */
  boolean packable() {
    return wireType != WireType.LENGTH;
  }
}
