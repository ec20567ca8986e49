/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the form that {@link LedgerSnapshot} describes. One use. */
final class SnapshotDecoder {
  /** By their codes, which never change. */
  static final List<PipelineKind> KINDS =
      List.of(PipelineKind.LOG, PipelineKind.METRIC, PipelineKind.TRACE);

  private final ByteBuffer bytes;

  SnapshotDecoder(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  LedgerSnapshot decode() {
    long version = number();
    if (version != SnapshotEncoder.VERSION) {
      throw new IllegalArgumentException(
          "a ledger of version %d: this program reads version %d"
              .formatted(version, SnapshotEncoder.VERSION));
    }
    SortedMap<PipelineId, List<Line>> books = new TreeMap<>();
    long count = number();
    for (long i = 0; i < count; i++) {
      PipelineId pipeline = new PipelineId(KINDS.get(index(KINDS.size(), "kind")), text());
      if (books.put(pipeline, lines()) != null) {
        throw new IllegalArgumentException("two books of " + pipeline);
      }
    }
    return new LedgerSnapshot(books);
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    long count = number();
    for (long i = 0; i < count; i++) {
      lines.add(
          new Line(
              Source.of(index(Source.COUNT, "source")),
              Account.values()[index(Account.values().length, "account")],
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
    return new IllegalArgumentException("the ledger's snapshot ends in the middle");
  }
}
