/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the form that {@link LedgerSnapshot} describes. One use. */
final class SnapshotEncoder {
  static final int VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private SnapshotEncoder() {}

  static byte[] encode(LedgerSnapshot snapshot) {
    SnapshotEncoder encoder = new SnapshotEncoder();
    encoder.number(VERSION);
    encoder.number(snapshot.books().size());
    snapshot.books().forEach(encoder::book);
    return encoder.bytes.toByteArray();
  }

  private void book(PipelineId pipeline, List<Line> lines) {
    number(SnapshotDecoder.KINDS.indexOf(pipeline.kind()));
    text(pipeline.name());
    number(lines.size());
    for (Line line : lines) {
      number(line.source().code());
      number(line.account().ordinal());
      text(line.reason());
      number(line.amount().records());
      number(line.amount().bytes());
    }
  }

  private void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    bytes.writeBytes(encoded);
  }

  private void number(long number) {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
