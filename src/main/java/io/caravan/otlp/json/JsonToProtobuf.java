/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.wire.ProtobufWriter;
import java.io.IOException;

/**
 * Reads an OTLP/JSON document and writes the protobuf message, field by field as they come.
 *
 * <p>Names may be in lowerCamelCase or, as the Collector takes them too, in snake_case; unknown
 * ones are passed over; null is absent. Not thread-safe.
 */
final class JsonToProtobuf {
  /**
   * Messages within messages. A kvlist within a kvlist is three messages deeper, so that values may
   * be nested 80 times, which is beyond any that is useful and far from the end of the stack.
   */
  static final int MAX_DEPTH = 256;

  private final JsonParser json;
  private final ProtobufWriter out;
  private final ProtobufValues values;
  private final int maxSize;
  private int depth;

  /** A reader of one document, which may become about {@code maxSize} bytes. */
  JsonToProtobuf(JsonParser json, ProtobufWriter out, int maxSize) {
    this.json = json;
    this.out = out;
    this.maxSize = maxSize;
    this.values = new ProtobufValues(json, out);
  }

  /** Reads the whole document, which is to be one object. */
  void document(MessageType type) throws IOException, MalformedOtlpException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw values.expected("an object");
    }
    object(type);
    if (json.nextToken() != null) {
      throw values.expected("the end of the document");
    }
  }

  private void object(MessageType type) throws IOException, MalformedOtlpException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw values.expected("an object");
    }
    if (++depth > MAX_DEPTH) {
      throw values.malformed("objects are nested deeper than " + MAX_DEPTH + " messages");
    }
    String key;
    while ((key = json.nextFieldName()) != null) {
      checkSize();
      OtlpField field = type.named(key);
      JsonToken token = json.nextToken();
      if (field == null) {
        json.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        if (field.repeated()) {
          array(field);
        } else if (field.type() == FieldType.MESSAGE) {
          message(field);
        } else {
          values.singular(field);
        }
      }
    }
    depth--;
  }

  private void message(OtlpField field) throws IOException, MalformedOtlpException {
    out.varint(field.tag());
    int message = out.begin();
    object(field.message());
    out.end(message);
  }

  private void array(OtlpField field) throws IOException, MalformedOtlpException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw values.expected("an array");
    }
    if (json.nextToken() == JsonToken.END_ARRAY) {
      return;
    }
    if (field.packed()) {
      out.varint(field.tag());
      int packed = out.begin();
      do {
        checkSize();
        values.content(field);
      } while (json.nextToken() != JsonToken.END_ARRAY);
      out.end(packed);
    } else {
      do {
        checkSize();
        element(field);
      } while (json.nextToken() != JsonToken.END_ARRAY);
    }
  }

  private void element(OtlpField field) throws IOException, MalformedOtlpException {
    if (field.type() != FieldType.MESSAGE) {
      out.varint(field.tag());
      values.content(field);
    } else if (json.currentToken() == JsonToken.VALUE_NULL) {
      // Some senders write an array's missing value so; an empty message keeps the others' places.
      out.varint(field.tag());
      out.end(out.begin());
    } else {
      message(field);
    }
  }

  /** Two characters of JSON can be eight bytes of protobuf. */
  private void checkSize() throws MalformedOtlpException {
    if (out.size() > maxSize) {
      throw values.malformed("in protobuf this is larger than the limit of " + maxSize + " bytes");
    }
  }
}
