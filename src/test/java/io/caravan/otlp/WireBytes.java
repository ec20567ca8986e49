/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Protobuf written field by field, also as no generated class would write it. */
public final class WireBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The fields of several, one behind the other. */
  public static byte[] of(WireBytes... parts) {
    WireBytes whole = new WireBytes();
    for (WireBytes part : parts) {
      whole.raw(part.bytes());
    }
    return whole.bytes();
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  public WireBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public WireBytes tag(int field, int wireType) {
    return varint((long) field << 3 | wireType, 1);
  }

  /** A varint of at least so many bytes: more than it needs make it non-canonical. */
  public WireBytes varint(long value, int bytes) {
    long rest = value;
    int left = bytes;
    while ((rest & ~0x7fL) != 0 || left > 1) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
      left--;
    }
    out.write((int) rest);
    return this;
  }

  /** A length-delimited field. */
  public WireBytes field(int number, byte[] content) {
    return tag(number, 2).varint(content.length, 1).raw(content);
  }

  public WireBytes field(int number, WireBytes content) {
    return field(number, content.bytes());
  }

  public WireBytes field(int number, String content) {
    return field(number, content.getBytes(StandardCharsets.UTF_8));
  }

  public WireBytes field(int number, MessageLite content) {
    return field(number, content.toByteArray());
  }

  /** The same with a tag and a length of so many bytes each. */
  public WireBytes longField(int number, byte[] content, int tagBytes, int lengthBytes) {
    return varint((long) number << 3 | 2, tagBytes)
        .varint(content.length, lengthBytes)
        .raw(content);
  }

  public WireBytes varintField(int number, long value) {
    return tag(number, 0).varint(value, 1);
  }

  public WireBytes fixed64Field(int number, long value) {
    return tag(number, 1).fixed64(value);
  }

  public WireBytes fixed64(long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  public WireBytes fixed32Field(int number, int value) {
    tag(number, 5);
    for (int i = 0; i < Integer.BYTES; i++) {
      out.write(value >>> (8 * i));
    }
    return this;
  }

  public WireBytes group(int number, WireBytes content) {
    return tag(number, 3).raw(content.bytes()).tag(number, 4);
  }

  /** Groups within groups, so many of them. */
  public static WireBytes nestedGroups(int number, int depth) {
    WireBytes nested = new WireBytes();
    for (int i = 0; i < depth; i++) {
      nested.tag(number, 3);
    }
    for (int i = 0; i < depth; i++) {
      nested.tag(number, 4);
    }
    return nested;
  }

  /** A field that no message of OTLP has, in every wire type. */
  public static WireBytes unknownFields() {
    return new WireBytes()
        .varintField(9999, 7)
        .fixed64Field(9998, 8)
        .field(9997, "unknown")
        .group(9996, new WireBytes().varintField(1, 1).group(2, new WireBytes().field(3, "deep")))
        .fixed32Field(9995, 9);
  }
}
