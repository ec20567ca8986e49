/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import io.caravan.otlp.HostileBytes;
import io.caravan.otlp.Signal;
import io.caravan.otlp.Telemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the fuzzer makes, as a request: its first byte chooses the signal and how the rest lies in
 * memory. Buffers are taken from an allocator of its own, so that what is not given back is known.
 */
final class FuzzInput {
  private static final List<Signal> SIGNALS = List.of(Signal.values());
  private static final int[] PIECES = {0, 1, 3, 16};

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final int choice;
  private final byte[] bytes;

  FuzzInput(byte[] input) {
    choice = input.length == 0 ? 0 : input[0] & 0xff;
    bytes = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
  }

  Signal signal() {
    return SIGNALS.get(choice % 3);
  }

  /** A number below {@code bound} that is independent of the others. */
  int choose(int bound) {
    return choice / 12 % bound;
  }

  byte[] bytes() {
    return bytes;
  }

  UnpooledByteBufAllocator allocator() {
    return allocator;
  }

  /** The bytes, in one piece or in several. */
  ByteBuf buffer() {
    int piece = PIECES[choice / 3 % PIECES.length];
    if (piece == 0) {
      return allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }
    CompositeByteBuf whole = allocator.compositeDirectBuffer(Integer.MAX_VALUE);
    for (int at = 0; at < bytes.length; at += piece) {
      int n = Math.min(piece, bytes.length - at);
      whole.addComponent(true, allocator.directBuffer(n).writeBytes(bytes, at, n));
    }
    return whole;
  }

  /** Fails if memory was not given back. */
  void assertNothingIsLeft() {
    Claims.that(allocator.metric().usedDirectMemory() == 0, "direct memory was not given back");
    Claims.that(allocator.metric().usedHeapMemory() == 0, "heap buffers were not given back");
  }

  /** Where every fuzzer of requests begins: each known oddity, and ordinary requests. */
  static Stream<byte[]> requests() {
    return Stream.concat(
        HostileBytes.all().stream().map(c -> input(c.signal(), c.name().hashCode(), c.bytes())),
        Stream.of(
            input(Signal.TRACES, 1, Telemetry.spans(2).toByteArray()),
            input(Signal.METRICS, 2, Telemetry.points(3).toByteArray()),
            input(Signal.LOGS, 3, Telemetry.records(3).toByteArray())));
  }

  static byte[] input(Signal signal, int seed, byte[] request) {
    byte[] input = new byte[request.length + 1];
    input[0] = (byte) (SIGNALS.indexOf(signal) + 3 * Math.floorMod(seed, 84));
    System.arraycopy(request, 0, input, 1, request.length);
    return input;
  }
}
