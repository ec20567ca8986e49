/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the form that {@link Totals} describes. One use. */
final class TotalsEncoder {
  static final int VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);

  private TotalsEncoder() {}

  static byte[] encode(List<Line> lines) {
    TotalsEncoder encoder = new TotalsEncoder();
    encoder.number(VERSION);
    encoder.number(lines.size());
    lines.forEach(encoder::line);
    return encoder.bytes.toByteArray();
  }

  private void line(Line line) {
    number(line.source().code());
    number(line.account().code());
    text(line.reason());
    number(line.amount().records());
    number(line.amount().bytes());
  }

  private void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    bytes.writeBytes(encoded);
  }

  private void number(long number) {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
