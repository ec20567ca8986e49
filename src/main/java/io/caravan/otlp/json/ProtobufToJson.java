/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.wire.WireReader;
import io.caravan.otlp.wire.WireType;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes protobuf messages as OTLP/JSON, straight from their bytes.
 *
 * <p>What protobuf allows in several encodings reads the same: of a repeated singular field the
 * last wins, the parts of a sub-message are joined, packed and unpacked numbers may be mixed,
 * elements of a repeated field may stand apart, and of a oneof only the last member set is there.
 * Fields that the tables do not know cannot be expressed in JSON and are dropped. Each level is
 * scanned once for where its fields are, then written in the order of their numbers. Not
 * thread-safe.
 */
final class ProtobufToJson {
  /** As {@link JsonToProtobuf#MAX_DEPTH}. */
  private static final int MAX_DEPTH = JsonToProtobuf.MAX_DEPTH;

  /**
   * What is noted of each field of a level: where its first tag and its last content are, and how
   * often.
   */
  private static final int FIRST = 0;

  private static final int LAST = 1;
  private static final int TIMES = 2;
  private static final int NOTES = 3;

  private static final int FIRST_PARTS = 256;

  private final JsonGenerator json;
  private final JsonValues values;
  private WireReader reader;
  private int[] notes = new int[256];
  private int used;
  private int depth;

  /**
   * Bytes that may still be copied to join sub-messages in parts: bounds hostile nesting of them.
   */
  private long joinable;

  ProtobufToJson(WireReader reader, int size, JsonGenerator json) {
    this.reader = reader;
    this.json = json;
    this.values = new JsonValues(json);
    this.joinable = 2L * size;
  }

  /** Writes the message in a range of the bytes. */
  void message(MessageType type, int start, int end) throws IOException, MalformedOtlpException {
    json.writeStartObject();
    fields(type, start, end);
    json.writeEndObject();
  }

  /**
   * Writes the one message field of that number as a value of its own.
   *
   * @return whether the field is there
   */
  boolean only(MessageType type, int number, int start, int end)
      throws IOException, MalformedOtlpException {
    int level = open(type, start);
    scan(type, level, start, end);
    int index = type.indexOf(WireType.tag(number, WireType.LENGTH));
    boolean there = notes[level + NOTES * index + TIMES] != 0;
    if (there) {
      value(type, index, level + NOTES * index, end);
    }
    close(level);
    return there;
  }

  /** Writes the fields of that message into the object that is open. */
  void fields(MessageType type, int start, int end) throws IOException, MalformedOtlpException {
    int level = open(type, start);
    scan(type, level, start, end);
    for (int i = 0; i < type.size(); i++) {
      int note = level + NOTES * i;
      if (notes[note + TIMES] != 0) {
        json.writeFieldName(type.field(i).name());
        value(type, i, note, end);
      }
    }
    close(level);
  }

  /** Makes room for what is noted of a message's fields. */
  private int open(MessageType type, int start) throws MalformedOtlpException {
    if (++depth > MAX_DEPTH) {
      throw WireReader.malformed("messages are nested deeper than " + MAX_DEPTH, start);
    }
    int level = used;
    used += NOTES * type.size();
    if (used > notes.length) {
      notes = Arrays.copyOf(notes, 2 * used);
    }
    Arrays.fill(notes, level, used, 0);
    return level;
  }

  private void close(int level) {
    used = level;
    depth--;
  }

  private void scan(MessageType type, int level, int start, int end) throws MalformedOtlpException {
    int member = -1;
    reader.window(start, end);
    while (reader.hasMore()) {
      int at = reader.position();
      int tag = reader.tag();
      int index = type.indexOf(tag);
      if (index >= 0) {
        int note = level + NOTES * index;
        if (type.field(index).presence() == Presence.ONEOF) {
          if (member >= 0 && member != note) {
            notes[member + TIMES] = 0;
          }
          member = note;
        }
        if (notes[note + TIMES]++ == 0) {
          notes[note + FIRST] = at;
        }
        notes[note + LAST] = reader.position();
      }
      reader.skipField(tag);
    }
  }

  private void value(MessageType type, int index, int note, int end)
      throws IOException, MalformedOtlpException {
    OtlpField field = type.field(index);
    if (field.repeated()) {
      json.writeStartArray();
      elements(type, index, notes[note + FIRST], notes[note + LAST], end);
      json.writeEndArray();
    } else if (field.type() != FieldType.MESSAGE) {
      reader.window(notes[note + LAST], end);
      values.write(field, reader);
    } else if (notes[note + TIMES] == 1) {
      reader.window(notes[note + LAST], end);
      int length = reader.length();
      message(field.message(), reader.position(), reader.position() + length);
    } else {
      joined(type, index, notes[note + FIRST], notes[note + LAST], end);
    }
  }

  private void elements(MessageType type, int index, int first, int last, int end)
      throws IOException, MalformedOtlpException {
    OtlpField field = type.field(index);
    reader.window(first, end);
    while (true) {
      int tag = reader.tag();
      int at = reader.position();
      if (type.indexOf(tag) != index) {
        reader.skipField(tag);
        continue;
      }
      if (field.type() == FieldType.MESSAGE) {
        int length = reader.length();
        int content = reader.position();
        message(field.message(), content, content + length);
        reader.window(content + length, end);
      } else if (field.packed() && tag == field.tag()) {
        int outer = reader.enter(reader.length());
        while (reader.hasMore()) {
          values.write(field, reader);
        }
        reader.leave(outer);
      } else {
        values.write(field, reader);
      }
      if (at == last) {
        return;
      }
    }
  }

  /**
   * Writes a sub-message that comes in parts: protobuf joins their fields, which is what reading
   * their bytes one behind the other does.
   */
  private void joined(MessageType type, int index, int first, int last, int end)
      throws IOException, MalformedOtlpException {
    byte[] parts = new byte[FIRST_PARTS];
    int size = 0;
    reader.window(first, end);
    int at;
    do {
      int tag = reader.tag();
      at = reader.position();
      if (type.indexOf(tag) == index) {
        int length = reader.length();
        joinable -= length;
        if (joinable < 0) {
          throw WireReader.malformed("too many messages within each other come in parts", at);
        }
        if (length > parts.length - size) {
          parts = Arrays.copyOf(parts, Math.max(size + length, 2 * parts.length));
        }
        reader.copy(reader.position(), parts, size, length);
        size += length;
        reader.skip(length);
      } else {
        reader.skipField(tag);
      }
    } while (at != last);
    WireReader outer = reader;
    reader = new WireReader(Unpooled.wrappedBuffer(parts, 0, size));
    message(type.field(index).message(), 0, size);
    reader = outer;
  }
}
