/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.Varints;
import io.caravan.otlp.wire.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * Divides a message between two of its elements, or within one of them. What is no element stands
 * in both halves: a resource, a scope, a schema URL, what we do not know.
 */
final class ElementDivision implements Division {
  private final WireReader reader;
  private final int from;
  private final int to;
  private final int tag;

  /** Elements that begin before it are of the first half; where one is cut, the one here. */
  private final int boundary;

  /** What the elements of each half take, without the one that is cut. */
  private final int first;

  private final int second;

  private final @Nullable Division cut;
  private final int cutSize;

  private ElementDivision(
      WireReader reader,
      int from,
      int to,
      int tag,
      int boundary,
      int first,
      int second,
      @Nullable Division cut,
      int cutSize) {
    this.reader = reader;
    this.from = from;
    this.to = to;
    this.tag = tag;
    this.boundary = boundary;
    this.first = first;
    this.second = second;
    this.cut = cut;
    this.cutSize = cutSize;
  }

  /** Divides the message between its elements before an offset and those from there on. */
  static ElementDivision between(WireReader reader, int from, int to, int tag, int boundary)
      throws MalformedOtlpException {
    return divided(reader, from, to, tag, boundary, null);
  }

  /** Divides the message within the element at an offset. */
  static ElementDivision within(
      WireReader reader, int from, int to, int tag, int element, Division cut)
      throws MalformedOtlpException {
    return divided(reader, from, to, tag, element, cut);
  }

  private static ElementDivision divided(
      WireReader reader, int from, int to, int tag, int boundary, @Nullable Division cut)
      throws MalformedOtlpException {
    int first = 0;
    int second = 0;
    int cutSize = 0;
    Elements elements = new Elements(reader, from, to, tag);
    while (elements.next()) {
      if (elements.start() < boundary) {
        first += elements.size();
      } else if (cut != null && elements.start() == boundary) {
        cutSize = elements.size();
      } else {
        second += elements.size();
      }
    }
    return new ElementDivision(reader, from, to, tag, boundary, first, second, cut, cutSize);
  }

  /** What a message takes as an element, with a tag of one byte and the shortest length. */
  static int asElement(int length) {
    return 1 + Varints.size(length) + length;
  }

  @Override
  public int length(Half half) {
    int others = half == Half.FIRST ? second : first;
    int rest = to - from - others - cutSize;
    return cut == null ? rest : rest + asElement(cut.length(half));
  }

  @Override
  public void write(Half half, Splice splice) throws MalformedOtlpException {
    reader.window(from, to);
    while (reader.hasMore()) {
      int start = reader.position();
      int found = reader.tag();
      reader.skipField(found);
      int end = reader.position();
      if (found == tag && cut != null && start == boundary) {
        splice.put(tag, cut.length(half));
        cut.write(half, splice);
        reader.window(end, to);
      } else if (found != tag || (start < boundary) == (half == Half.FIRST)) {
        splice.keep(start, end);
      }
    }
  }
}
