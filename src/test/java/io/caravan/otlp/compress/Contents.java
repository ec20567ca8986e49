/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.otlp.Telemetry;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** What is compressed in tests. */
final class Contents {
  private static final Map<String, byte[]> ALL =
      new TreeMap<>(
          Map.of(
              "nothing", new byte[0],
              "one byte", new byte[] {42},
              "a word", "telemetry".getBytes(UTF_8),
              "zeros", new byte[300_000],
              "random", random(200_000),
              "spans", Telemetry.spans(512).toByteArray(),
              "skewed", skewed(),
              "spans and random", mixed()));

  private Contents() {}

  static Map<String, byte[]> all() {
    return ALL;
  }

  static byte[] of(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  /** The lines of {@code squares-linked-blocks.lz4}: the squares modulo 977, decimal. */
  static byte[] squares() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      text.append((long) i * i % 977).append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Each byte value half as often as the one before: the deepest Huffman trees. */
  private static byte[] skewed() {
    Random random = new Random(9);
    byte[] bytes = new byte[250_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.numberOfTrailingZeros(random.nextInt() | 1 << 24);
    }
    return bytes;
  }

  private static byte[] mixed() {
    byte[] spans = Telemetry.spans(300).toByteArray();
    byte[] bytes = new byte[spans.length * 3];
    System.arraycopy(spans, 0, bytes, 0, spans.length);
    System.arraycopy(random(spans.length), 0, bytes, spans.length, spans.length);
    System.arraycopy(spans, 0, bytes, 2 * spans.length, spans.length);
    return bytes;
  }
}
