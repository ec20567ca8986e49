/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Where each ResourceSpans, ResourceMetrics or ResourceLogs of a request begins and ends, and how
 * many records it holds. Seven ints a resource, nothing a record. Filled once, then only read.
 *
 * <p>Offsets count bytes from the beginning of the request.
 */
final class BatchIndex {
  /**
   * More than any sender packs into one request; bounds the index of a request that consists of
   * empty resources, two bytes each, to 28 MiB.
   */
  static final int MAX_RESOURCES = 1 << 20;

  private static final int START = 0;
  private static final int BODY = 1;
  private static final int END = 2;
  private static final int RESOURCE_START = 3;
  private static final int RESOURCE = 4;
  private static final int RESOURCE_END = 5;
  private static final int RECORDS = 6;
  private static final int STRIDE = 7;

  private static final int[] NONE = {};

  /** {@link #RESOURCE} of an entry without a Resource, or with several of them. */
  static final int NO_RESOURCE = -1;

  static final int SEVERAL_RESOURCES = -2;

  private int[] entries = NONE;
  private int size;
  private int records;

  void add(
      int start,
      int body,
      int end,
      int resourceStart,
      int resource,
      int resourceEnd,
      int recordCount) {
    int at = size * STRIDE;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, at == 0 ? 2 * STRIDE : 2 * at);
    }
    entries[at + START] = start;
    entries[at + BODY] = body;
    entries[at + END] = end;
    entries[at + RESOURCE_START] = resourceStart;
    entries[at + RESOURCE] = resource;
    entries[at + RESOURCE_END] = resourceEnd;
    entries[at + RECORDS] = recordCount;
    size++;
    records += recordCount;
  }

  /** The number of resources. */
  int size() {
    return size;
  }

  /** The bytes that the index itself holds. */
  long footprint() {
    return (long) Integer.BYTES * entries.length;
  }

  /** Records of all resources. */
  int records() {
    return records;
  }

  /** The offset of the entry's tag. */
  int start(int resource) {
    return entries[at(resource) + START];
  }

  /** The offset of the entry's content, behind its tag and length. */
  int body(int resource) {
    return entries[at(resource) + BODY];
  }

  /** The offset behind the entry. */
  int end(int resource) {
    return entries[at(resource) + END];
  }

  /** An entry of another index, whose bytes have moved. */
  void addMoved(BatchIndex from, int entry, int by) {
    boolean hasResource = from.resource(entry) >= 0;
    add(
        from.start(entry) + by,
        from.body(entry) + by,
        from.end(entry) + by,
        hasResource ? from.resourceStart(entry) + by : 0,
        hasResource ? from.resource(entry) + by : from.resource(entry),
        hasResource ? from.resourceEnd(entry) + by : 0,
        from.records(entry));
  }

  /** All entries of another index, whose bytes have moved. */
  void addAllMoved(BatchIndex from, int by) {
    int needed = (size + from.size) * STRIDE;
    if (needed > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(needed, 2 * size * STRIDE));
    }
    for (int i = 0; i < from.size; i++) {
      addMoved(from, i, by);
    }
  }

  /** The offset of the Resource field's tag; only where there is exactly one. */
  int resourceStart(int resource) {
    return entries[at(resource) + RESOURCE_START];
  }

  /**
   * The offset of the Resource message's content, {@link #NO_RESOURCE} or {@link
   * #SEVERAL_RESOURCES}.
   */
  int resource(int resource) {
    return entries[at(resource) + RESOURCE];
  }

  /** The offset behind the Resource message. */
  int resourceEnd(int resource) {
    return entries[at(resource) + RESOURCE_END];
  }

  int records(int resource) {
    return entries[at(resource) + RECORDS];
  }

  /** How many resources {@code keep} takes. */
  int count(IntPredicate keep, boolean[] kept) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      kept[i] = keep.test(i);
      n += kept[i] ? 1 : 0;
    }
    return n;
  }

  /** The index of the bytes that are left when the entries that were not kept are cut out. */
  BatchIndex without(boolean[] kept, int keptCount) {
    BatchIndex rest = new BatchIndex();
    rest.entries = new int[keptCount * STRIDE];
    int cut = 0;
    for (int i = 0; i < size; i++) {
      if (kept[i]) {
        rest.addMoved(this, i, -cut);
      } else {
        cut += end(i) - start(i);
      }
    }
    return rest;
  }

  private int at(int resource) {
    if (resource < 0 || resource >= size) {
      throw new IndexOutOfBoundsException("resource " + resource + " of " + size);
    }
    return resource * STRIDE;
  }
}
