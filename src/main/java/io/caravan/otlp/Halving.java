/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides a request in two of about half the bytes: between two resources, if one such cut leaves
 * each side a quarter of them, else in the same way between the scopes of the resource in the
 * middle, and else between the records of the scope in the middle.
 *
 * <p>Metrics stay whole, but for one that is alone in its scope. Only what is cut is looked at in
 * depth, and of a record no more than its length.
 */
final class Halving {
  private static final int REQUEST = 0;
  private static final int ENTRY = 1;
  private static final int SCOPE = 2;

  /** What the heads of the messages that are cut take, as a rule. */
  private static final int HEADS = 32;

  private final WireReader reader;
  private final boolean metrics;

  private Halving(Signal signal, WireReader reader) {
    this.metrics = signal == Signal.METRICS;
    this.reader = reader;
  }

  /** Two batches, or the batch itself, retained. */
  static List<OtlpBatch> halves(OtlpBatch batch) throws MalformedOtlpException {
    WireReader reader = new WireReader(batch.payload());
    Division division = new Halving(batch.signal(), reader).divide(REQUEST, 0, batch.size());
    if (division == null) {
      return List.of(batch.retain());
    }
    OtlpBatch first = half(batch, division, Half.FIRST);
    try {
      OtlpBatch second = half(batch, division, Half.SECOND);
      first.retain();
      return List.of(first, second);
    } finally {
      first.release();
    }
  }

  /** Halves until all are within the bounds or cannot be divided. */
  static List<OtlpBatch> split(OtlpBatch batch, int maxRecords, int maxBytes)
      throws MalformedOtlpException {
    List<OtlpBatch> parts = new ArrayList<>();
    boolean complete = false;
    try {
      split(batch.retain(), maxRecords, maxBytes, parts);
      complete = true;
      return parts;
    } finally {
      if (!complete) {
        parts.forEach(OtlpBatch::release);
      }
    }
  }

  private static void split(OtlpBatch batch, int maxRecords, int maxBytes, List<OtlpBatch> parts)
      throws MalformedOtlpException {
    List<OtlpBatch> halves;
    try {
      boolean fits = batch.records() <= maxRecords && batch.size() <= maxBytes;
      halves = fits ? List.of(batch.retain()) : halves(batch);
    } finally {
      batch.release();
    }
    if (halves.size() == 1) {
      parts.addAll(halves);
      return;
    }
    boolean complete = false;
    try {
      split(halves.getFirst(), maxRecords, maxBytes, parts);
      complete = true;
    } finally {
      if (!complete) {
        halves.getLast().release();
      }
    }
    split(halves.getLast(), maxRecords, maxBytes, parts);
  }

  private static OtlpBatch half(OtlpBatch batch, Division division, Half half)
      throws MalformedOtlpException {
    Splice splice = new Splice(batch.payload(), HEADS);
    boolean written = false;
    try {
      division.write(half, splice);
      written = true;
    } finally {
      if (!written) {
        splice.discard();
      }
    }
    return batch.derived(splice);
  }

  /** Null if there is nothing to cut between. */
  private @Nullable Division divide(int level, int from, int to) throws MalformedOtlpException {
    int tag = level == REQUEST ? BatchIndexer.ENTRY : BatchIndexer.RECORD;
    Middle middle = new Middle();
    middle.measure(new Elements(reader, from, to, tag));
    middle.find(new Elements(reader, from, to, tag));
    if (!middle.isFound()) {
      return null;
    }
    boolean metricsStayWhole = metrics && level == SCOPE && middle.isBetweenElements();
    if (!middle.isBalanced() && !metricsStayWhole) {
      Division cut = divideElement(level, middle.body(), middle.end());
      if (cut != null) {
        return ElementDivision.within(reader, from, to, tag, middle.start(), cut);
      }
    }
    return middle.isBetweenElements()
        ? ElementDivision.between(reader, from, to, tag, middle.boundary())
        : null;
  }

  private @Nullable Division divideElement(int level, int from, int to)
      throws MalformedOtlpException {
    return switch (level) {
      case REQUEST -> divide(ENTRY, from, to);
      case ENTRY -> divide(SCOPE, from, to);
      default -> metrics ? PointDivision.of(reader, from, to) : null;
    };
  }
}
