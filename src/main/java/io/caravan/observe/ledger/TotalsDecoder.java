/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the form that {@link Totals} describes. One use. */
final class TotalsDecoder {
  private final ByteBuffer bytes;

  TotalsDecoder(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  List<Line> lines() {
    long version = number();
    if (version != TotalsEncoder.VERSION) {
      throw new IllegalArgumentException(
          "totals of version %d: this program reads version %d"
              .formatted(version, TotalsEncoder.VERSION));
    }
    List<Line> lines = new ArrayList<>();
    long count = number();
    for (long i = 0; i < count; i++) {
      lines.add(
          new Line(
              Source.of(index(Source.COUNT, "source")),
              Account.of(index(Account.count(), "account")),
              text(),
              new Amount(number(), number())));
    }
    return lines;
  }

  private int index(int bound, String what) {
    long index = number();
    if (index >= bound) {
      throw new IllegalArgumentException("%s %d: there are %d".formatted(what, index, bound));
    }
    return (int) index;
  }

  private String text() {
    long length = number();
    if (length > bytes.remaining()) {
      throw cut();
    }
    byte[] encoded = new byte[(int) length];
    bytes.get(encoded);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  /** Never negative: no total comes near 2^63. */
  private long number() {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw cut();
      }
      byte next = bytes.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number of more than 63 bits");
  }

  private static IllegalArgumentException cut() {
    return new IllegalArgumentException("the totals end in the middle");
  }
}
