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
 * Divides a single {@code Metric} between two of its data points. Its name, unit, temporality and
 * what we do not know stand in both halves.
 *
 * <p>Its data are members of a oneof: points of a member that occurs several times are one series
 * of points, and members whose place another one took are left out.
 */
final class PointDivision implements Division {
  private final WireReader reader;
  private final int from;
  private final int to;
  private final int data;

  /** Where the first occurrence that counts begins. */
  private final int dataStart;

  private final List<ElementDivision> occurrences;

  /** The bytes that are no data. */
  private final int rest;

  private PointDivision(Metric metric, List<ElementDivision> occurrences) {
    this.reader = metric.reader;
    this.from = metric.from;
    this.to = metric.to;
    this.data = metric.tag;
    this.dataStart = metric.occurrences.getFirst().start();
    this.occurrences = occurrences;
    this.rest = metric.to - metric.from - metric.dataSize;
  }

  /** Null if it has fewer than two points. */
  static @Nullable PointDivision of(WireReader reader, int from, int to)
      throws MalformedOtlpException {
    Metric metric = new Metric(reader, from, to);
    Middle middle = new Middle();
    for (Occurrence occurrence : metric.occurrences) {
      middle.measure(occurrence.points(reader));
    }
    for (Occurrence occurrence : metric.occurrences) {
      middle.find(occurrence.points(reader));
    }
    if (!middle.isBetweenElements()) {
      return null;
    }
    List<ElementDivision> divided = new ArrayList<>();
    for (Occurrence occurrence : metric.occurrences) {
      divided.add(
          ElementDivision.between(
              reader, occurrence.body(), occurrence.end(), DataPoints.POINT, middle.boundary()));
    }
    return new PointDivision(metric, divided);
  }

  @Override
  public int length(Half half) {
    int length = rest;
    for (ElementDivision occurrence : occurrences) {
      length += ElementDivision.asElement(occurrence.length(half));
    }
    return length;
  }

  @Override
  public void write(Half half, Splice splice) throws MalformedOtlpException {
    reader.window(from, to);
    int next = 0;
    while (reader.hasMore()) {
      int start = reader.position();
      int found = reader.tag();
      reader.skipField(found);
      int end = reader.position();
      if (!DataPoints.isData(found)) {
        splice.keep(start, end);
      } else if (start >= dataStart) {
        ElementDivision occurrence = occurrences.get(next++);
        splice.put(data, occurrence.length(half));
        occurrence.write(half, splice);
        reader.window(end, to);
      }
    }
  }

  private record Occurrence(int start, int body, int end) {
    Elements points(WireReader reader) {
      return new Elements(reader, body, end, DataPoints.POINT);
    }
  }

  /** Where the data that count stand in a metric. */
  private static final class Metric {
    private final WireReader reader;
    private final int from;
    private final int to;
    private final List<Occurrence> occurrences = new ArrayList<>();
    private int tag;
    private int dataSize;

    Metric(WireReader reader, int from, int to) throws MalformedOtlpException {
      this.reader = reader;
      this.from = from;
      this.to = to;
      reader.window(from, to);
      while (reader.hasMore()) {
        int start = reader.position();
        int found = reader.tag();
        if (DataPoints.isData(found)) {
          if (found != tag) {
            occurrences.clear();
            tag = found;
          }
          int length = reader.length();
          int body = reader.position();
          reader.skip(length);
          occurrences.add(new Occurrence(start, body, body + length));
          dataSize += body + length - start;
        } else {
          reader.skipField(found);
        }
      }
    }
  }
}
