/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Random;

/** Values with the randomness of real ones; the same seed gives the same values. */
final class SampleValues {

  /** A day of November 2025, in nanoseconds since 1970. */
  private static final long START_NS = 1_763_700_000_000_000_000L;

  private static final long MINUTE_NS = 60_000_000_000L;

  private final Random random;

  SampleValues(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  String oneOf(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A time within a minute, in nanoseconds since 1970. */
  long time() {
    return START_NS + random.nextLong(MINUTE_NS);
  }

  /** The beginning of that minute, at which one collection of metrics happens. */
  static long minute() {
    return START_NS;
  }

  /** A duration that is short most of the time, in nanoseconds. */
  long duration() {
    return (long) Math.exp(12 + 2 * Math.abs(random.nextGaussian()));
  }

  double value() {
    return Math.round(Math.abs(random.nextGaussian()) * 1e6) / 1e3;
  }

  ByteString identifier(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  String hex(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  String uuid() {
    return hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12);
  }

  String address() {
    return "10." + random.nextInt(4) + "." + random.nextInt(256) + "." + random.nextInt(256);
  }

  static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
