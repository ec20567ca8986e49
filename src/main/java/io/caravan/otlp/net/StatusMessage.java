/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The protobuf message {@code google.rpc.Status}, with {@code google.rpc.RetryInfo} as its only
 * detail, written and read by hand: two messages of three fields do not justify a runtime.
 */
public final class StatusMessage {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final int VARINT = 0;
  private static final int LENGTH = 2;

  private StatusMessage() {}

  /** The message: code 1, message 2, details 3 with RetryInfo where the status has a delay. */
  public static byte[] encode(OtlpStatus status) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (status.code() != GrpcCode.OK) {
      varintField(out, 1, status.code().number());
    }
    bytesField(out, 2, status.message().getBytes(StandardCharsets.UTF_8));
    Duration delay = status.retryAfter();
    if (delay != null) {
      ByteArrayOutputStream any = new ByteArrayOutputStream();
      bytesField(any, 1, RETRY_INFO.getBytes(StandardCharsets.UTF_8));
      bytesField(any, 2, retryInfo(delay));
      bytesField(out, 3, any.toByteArray());
    }
    return out.toByteArray();
  }

  private static byte[] retryInfo(Duration delay) {
    ByteArrayOutputStream duration = new ByteArrayOutputStream();
    varintField(duration, 1, delay.toSeconds());
    varintField(duration, 2, delay.toNanosPart());
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    // Present even when it is empty: a delay of zero is a delay.
    key(info, 1, LENGTH);
    varint(info, duration.size());
    info.writeBytes(duration.toByteArray());
    return info.toByteArray();
  }

  /**
   * Reads a message that a server sent; what cannot be read is left out, because a status is an aid
   * and its sender is not under our control.
   */
  public static OtlpStatus decode(ByteBuffer message) {
    int code = GrpcCode.UNKNOWN.number();
    String text = "";
    Duration delay = null;
    ByteBuffer in = message.duplicate();
    try {
      while (in.hasRemaining()) {
        long key = ProtoReader.varint(in);
        switch ((int) key) {
          case 1 << 3 | VARINT -> code = (int) ProtoReader.varint(in);
          case 2 << 3 | LENGTH -> text = ProtoReader.utf8(ProtoReader.bytes(in));
          case 3 << 3 | LENGTH -> {
            Duration found = delayOf(ProtoReader.bytes(in));
            delay = found == null ? delay : found;
          }
          default -> ProtoReader.skip(in, key);
        }
      }
    } catch (RuntimeException e) {
      // Truncated or not a Status at all: what was read before counts.
      return new OtlpStatus(code(code), text, delay);
    }
    return new OtlpStatus(code(code), text, delay);
  }

  /** The code of that number; numbers that gRPC does not know are UNKNOWN. */
  public static GrpcCode code(int number) {
    GrpcCode[] codes = GrpcCode.values();
    return number >= 0 && number < codes.length ? codes[number] : GrpcCode.UNKNOWN;
  }

  private static @Nullable Duration delayOf(ByteBuffer any) {
    String type = "";
    ByteBuffer value = ByteBuffer.allocate(0);
    while (any.hasRemaining()) {
      long key = ProtoReader.varint(any);
      switch ((int) key) {
        case 1 << 3 | LENGTH -> type = ProtoReader.utf8(ProtoReader.bytes(any));
        case 2 << 3 | LENGTH -> value = ProtoReader.bytes(any);
        default -> ProtoReader.skip(any, key);
      }
    }
    if (!type.equals(RETRY_INFO)) {
      return null;
    }
    while (value.hasRemaining()) {
      long key = ProtoReader.varint(value);
      if (key == (1 << 3 | LENGTH)) {
        return duration(ProtoReader.bytes(value));
      }
      ProtoReader.skip(value, key);
    }
    return Duration.ZERO;
  }

  private static Duration duration(ByteBuffer in) {
    long seconds = 0;
    long nanos = 0;
    while (in.hasRemaining()) {
      long key = ProtoReader.varint(in);
      switch ((int) key) {
        case 1 << 3 | VARINT -> seconds = ProtoReader.varint(in);
        case 2 << 3 | VARINT -> nanos = ProtoReader.varint(in);
        default -> ProtoReader.skip(in, key);
      }
    }
    return seconds < 0 ? Duration.ZERO : Duration.ofSeconds(seconds, Math.max(0, nanos));
  }

  private static void varintField(ByteArrayOutputStream out, int field, long value) {
    if (value != 0) {
      key(out, field, VARINT);
      varint(out, value);
    }
  }

  private static void bytesField(ByteArrayOutputStream out, int field, byte[] value) {
    if (value.length > 0) {
      key(out, field, LENGTH);
      varint(out, value.length);
      out.writeBytes(value);
    }
  }

  private static void key(ByteArrayOutputStream out, int field, int type) {
    varint(out, field << 3 | type);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
