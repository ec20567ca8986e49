/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What had been posted to the books of a ledger at one moment, but for what was queued.
 *
 * <p>As bytes: a version (1), the number of books, and for each its kind (log 0, metric 1, trace
 * 2), name and number of lines; for each of those the codes of source and account, the reason, and
 * records and bytes. Texts are UTF-8 with their length before them. All numbers are unsigned
 * LEB128. There is no checksum: who stores it has one.
 */
public record LedgerSnapshot(SortedMap<PipelineId, List<Line>> books) {

  public LedgerSnapshot {
    SortedMap<PipelineId, List<Line>> copy = new TreeMap<>();
    books.forEach((pipeline, lines) -> copy.put(pipeline, lines.stream().sorted().toList()));
    books = Collections.unmodifiableSortedMap(copy);
  }

  /** Equal snapshots give equal bytes. */
  public byte[] encode() {
    return SnapshotEncoder.encode(this);
  }

  /**
   * Reads one from the buffer's position on, which is moved behind it.
   *
   * @throws IllegalArgumentException if the bytes are not what {@link #encode} gives, or are of a
   *     later version
   */
  public static LedgerSnapshot decode(ByteBuffer bytes) {
    return new SnapshotDecoder(bytes).decode();
  }
}
