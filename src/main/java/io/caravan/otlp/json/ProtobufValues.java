/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.wire.ProtobufWriter;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;

/** Reads the JSON value of a field that is no message, and writes it as protobuf. */
final class ProtobufValues {
  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;

  private final JsonParser json;
  private final ProtobufWriter out;

  ProtobufValues(JsonParser json, ProtobufWriter out) {
    this.json = json;
    this.out = out;
  }

  /** Writes tag and content, or nothing where protobuf takes absence for the same. */
  void singular(OtlpField field) throws IOException, MalformedOtlpException {
    boolean always = field.presence() != Presence.IMPLICIT;
    switch (field.type()) {
      case STRING -> {
        require(JsonToken.VALUE_STRING, "a string");
        if (always || json.getTextLength() > 0) {
          out.varint(field.tag());
          text();
        }
      }
      case BYTES, TRACE_ID, SPAN_ID -> {
        byte[] bytes = bytes(field.type());
        if (always || bytes.length > 0) {
          out.varint(field.tag());
          out.bytes(bytes);
        }
      }
      case BOOL, ENUM, INT32, UINT32, SINT32, FIXED32, INT64, UINT64, FIXED64, SFIXED64, DOUBLE -> {
        long bits = bits(field);
        if (always || bits != 0) {
          out.varint(field.tag());
          number(field.type(), bits);
        }
      }
      case MESSAGE -> throw new IllegalArgumentException(field + " is a message");
    }
  }

  /** Writes the content of an element, without a tag. */
  void content(OtlpField field) throws IOException, MalformedOtlpException {
    switch (field.type()) {
      case STRING -> {
        require(JsonToken.VALUE_STRING, "a string");
        text();
      }
      case BYTES, TRACE_ID, SPAN_ID -> out.bytes(bytes(field.type()));
      case BOOL, ENUM, INT32, UINT32, SINT32, FIXED32, INT64, UINT64, FIXED64, SFIXED64, DOUBLE ->
          number(field.type(), bits(field));
      case MESSAGE -> throw new IllegalArgumentException(field + " is a message");
    }
  }

  private void text() throws IOException, MalformedOtlpException {
    out.utf8(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  private byte[] bytes(FieldType type) throws IOException, MalformedOtlpException {
    return switch (type) {
      case TRACE_ID -> hex(TRACE_ID_BYTES);
      case SPAN_ID -> hex(SPAN_ID_BYTES);
      default -> base64();
    };
  }

  private byte[] hex(int bytes) throws IOException, MalformedOtlpException {
    String expected = 2 * bytes + " hexadecimal digits";
    require(JsonToken.VALUE_STRING, expected);
    int length = json.getTextLength();
    if (length == 0) {
      return new byte[0];
    }
    if (length != 2 * bytes) {
      throw expected(expected);
    }
    try {
      int offset = json.getTextOffset();
      return HexFormat.of().parseHex(json.getTextCharacters(), offset, offset + length);
    } catch (IllegalArgumentException e) {
      throw expected(expected);
    }
  }

  private byte[] base64() throws IOException, MalformedOtlpException {
    require(JsonToken.VALUE_STRING, "base64");
    String text = json.getText();
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw expected("base64");
    }
  }

  private long bits(OtlpField field) throws IOException, MalformedOtlpException {
    return switch (field.type()) {
      case BOOL -> bool();
      case DOUBLE -> Double.doubleToRawLongBits(Numbers.real(this, json));
      case ENUM -> enumNumber(field);
      case INT32, SINT32 -> Numbers.integer(this, json, 32, Numbers.Sign.SIGNED);
      case UINT32, FIXED32 -> Numbers.integer(this, json, 32, Numbers.Sign.UNSIGNED);
      case INT64, SFIXED64 -> Numbers.integer(this, json, 64, Numbers.Sign.SIGNED);
      case UINT64, FIXED64 -> Numbers.integer(this, json, 64, Numbers.Sign.UNSIGNED);
      case MESSAGE, STRING, BYTES, TRACE_ID, SPAN_ID ->
          throw new IllegalArgumentException(field + " is no number");
    };
  }

  private long bool() throws MalformedOtlpException {
    JsonToken token = json.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw expected("true or false");
    }
    return token == JsonToken.VALUE_TRUE ? 1 : 0;
  }

  /** The specification has numbers only; the Collector takes names as well, and so do we. */
  private long enumNumber(OtlpField field) throws IOException, MalformedOtlpException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return Numbers.integer(this, json, 32, Numbers.Sign.SIGNED);
    }
    Integer number = field.enumNumbers().get(json.getText());
    if (number == null) {
      throw expected("a number, or one of " + String.join(", ", field.enumNumbers().keySet()));
    }
    return number;
  }

  private void number(FieldType type, long bits) {
    if (type == FieldType.SINT32) {
      int value = (int) bits;
      out.varint(Integer.toUnsignedLong((value << 1) ^ (value >> 31)));
    } else if (type == FieldType.FIXED32) {
      out.fixed32((int) bits);
    } else if (type.wireType() == FieldType.FIXED64.wireType()) {
      out.fixed64(bits);
    } else {
      out.varint(bits);
    }
  }

  private void require(JsonToken token, String what) throws MalformedOtlpException {
    if (json.currentToken() != token) {
      throw expected(what);
    }
  }

  /** The value is not what its field takes. */
  MalformedOtlpException expected(String what) {
    return malformed("expected " + what + ", found " + found());
  }

  MalformedOtlpException malformed(String what) {
    return malformed(
        what, json.currentTokenLocation(), json.getParsingContext().pathAsPointer().toString());
  }

  static MalformedOtlpException malformed(String what, JsonLocation location, String path) {
    return new MalformedOtlpException(
        "malformed OTLP/JSON at line "
            + location.getLineNr()
            + ", column "
            + location.getColumnNr()
            + (path.isEmpty() ? "" : ", field " + path)
            + ": "
            + what);
  }

  private String found() {
    JsonToken token = json.currentToken();
    if (token == null) {
      return "the end of the document";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "another string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }
}
