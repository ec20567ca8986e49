/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.wire.WireReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes the value of a field that is no message, as OTLP/JSON has it: ids as lower-case hex, other
 * bytes as base64, enums as numbers, 64-bit integers as decimal strings, doubles that are no
 * numbers as {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}.
 */
final class JsonValues {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final JsonGenerator json;
  private byte[] scratch = new byte[256];

  JsonValues(JsonGenerator json) {
    this.json = json;
  }

  /** Reads the content of a field and writes it. */
  void write(OtlpField field, WireReader reader) throws IOException, MalformedOtlpException {
    switch (field.type()) {
      case STRING -> text(content(reader));
      case TRACE_ID, SPAN_ID -> hex(content(reader));
      case BYTES -> {
        int length = content(reader);
        json.writeBinary(scratch, 0, length);
      }
      case BOOL -> json.writeBoolean(reader.varint() != 0);
      case ENUM, INT32 -> json.writeNumber((int) reader.varint());
      case UINT32 -> json.writeNumber(reader.varint() & 0xffffffffL);
      case SINT32 -> {
        int zigzag = (int) reader.varint();
        json.writeNumber((zigzag >>> 1) ^ -(zigzag & 1));
      }
      case FIXED32 -> json.writeNumber(Integer.toUnsignedLong(reader.fixed32()));
      case INT64 -> json.writeString(Long.toString(reader.varint()));
      case SFIXED64 -> json.writeString(Long.toString(reader.fixed64()));
      case UINT64 -> json.writeString(Long.toUnsignedString(reader.varint()));
      case FIXED64 -> json.writeString(Long.toUnsignedString(reader.fixed64()));
      case DOUBLE -> json.writeNumber(Double.longBitsToDouble(reader.fixed64()));
      case MESSAGE -> throw new IllegalArgumentException(field + " is a message");
    }
  }

  /** Copies a length-delimited content to {@link #scratch}. */
  private int content(WireReader reader) throws MalformedOtlpException {
    int length = reader.length();
    if (length > scratch.length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    reader.copy(reader.position(), scratch, 0, length);
    reader.skip(length);
    return length;
  }

  private void text(int length) throws IOException {
    for (int i = 0; i < length; i++) {
      if (scratch[i] < 0) {
        // Through a String, which replaces what is not UTF-8.
        json.writeString(new String(scratch, 0, length, StandardCharsets.UTF_8));
        return;
      }
    }
    json.writeUTF8String(scratch, 0, length);
  }

  private void hex(int length) throws IOException {
    byte[] hex = new byte[2 * length];
    for (int i = 0; i < length; i++) {
      hex[2 * i] = HEX[scratch[i] >> 4 & 0xf];
      hex[2 * i + 1] = HEX[scratch[i] & 0xf];
    }
    json.writeRawUTF8String(hex, 0, hex.length);
  }
}
