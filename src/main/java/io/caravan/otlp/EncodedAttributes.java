/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.otlp.wire.WireType;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Attributes in the very bytes that stand in a {@code Resource} message, made once and added to
 * many resources. Immutable.
 */
public final class EncodedAttributes {
  /** The most attributes that one resource can be given at once. */
  public static final int MAX = 64;

  public static final EncodedAttributes NONE = new EncodedAttributes(new TreeMap<>());

  private static final int ATTRIBUTES = WireType.tag(1, WireType.LENGTH);
  private static final int KEY = WireType.tag(1, WireType.LENGTH);
  private static final int VALUE = WireType.tag(2, WireType.LENGTH);
  private static final int STRING_VALUE = WireType.tag(1, WireType.LENGTH);

  private final byte[][] keys;
  private final byte[] bytes;

  /** Where each attribute begins in {@link #bytes}, and where the last one ends. */
  private final int[] starts;

  private EncodedAttributes(SortedMap<String, String> attributes) {
    if (attributes.size() > MAX) {
      throw new IllegalArgumentException(
          attributes.size() + " attributes; a resource can be given at most " + MAX);
    }
    keys = new byte[attributes.size()][];
    starts = new int[attributes.size() + 1];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      byte[] key = attribute.getKey().getBytes(UTF_8);
      keys[i++] = key;
      field(out, ATTRIBUTES, keyValue(key, attribute.getValue().getBytes(UTF_8)));
      starts[i] = out.size();
    }
    bytes = out.toByteArray();
  }

  /**
   * String attributes.
   *
   * @throws IllegalArgumentException if they are more than {@link #MAX}
   */
  public static EncodedAttributes ofStrings(Map<String, String> attributes) {
    return attributes.isEmpty() ? NONE : new EncodedAttributes(new TreeMap<>(attributes));
  }

  private static byte[] keyValue(byte[] key, byte[] value) {
    ByteArrayOutputStream any = new ByteArrayOutputStream();
    field(any, STRING_VALUE, value);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(out, KEY, key);
    field(out, VALUE, any.toByteArray());
    return out.toByteArray();
  }

  private static void field(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    int length = content.length;
    while ((length & ~0x7f) != 0) {
      out.write(length | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(content);
  }

  public int size() {
    return keys.length;
  }

  byte[] key(int attribute) {
    return keys[attribute];
  }

  /** A bit for each attribute. */
  long all() {
    return keys.length == 0 ? 0 : -1L >>> (Long.SIZE - keys.length);
  }

  /** The bytes that the attributes of these bits take. */
  int length(long chosen) {
    if (chosen == all()) {
      return bytes.length;
    }
    int length = 0;
    for (long rest = chosen; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      length += starts[i + 1] - starts[i];
    }
    return length;
  }

  void write(long chosen, ByteBuf out) {
    if (chosen == all()) {
      out.writeBytes(bytes);
      return;
    }
    for (long rest = chosen; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      out.writeBytes(bytes, starts[i], starts[i + 1] - starts[i]);
    }
  }
}
