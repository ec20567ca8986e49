/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Lays out records one behind the other: their headers in one buffer that is used again and again,
 * their payloads where they are. Used by one thread.
 */
final class GroupEncoder {
  private static final int FIRST_CAPACITY = 64 << 10;

  /** A group above this gets a buffer of its own, so that one of many targets costs no memory. */
  private static final int KEPT_CAPACITY = 1 << 20;

  private final CRC32C checksum = new CRC32C();
  private final ByteBuffer kept = ByteBuffer.allocateDirect(FIRST_CAPACITY);
  private final List<ByteBuffer> parts = new ArrayList<>();
  private ByteBuffer headers = kept;
  private ByteBuffer larger = kept;
  private int from;
  private long length;

  /** Begins a group for which {@link #add} will be called with headers of this length in all. */
  void begin(int headerBytes) {
    if (headerBytes > larger.capacity()) {
      ByteBuffer grown = ByteBuffer.allocateDirect(Integer.highestOneBit(headerBytes) << 1);
      larger = grown.capacity() <= KEPT_CAPACITY ? grown : larger;
      headers = grown;
    } else {
      headers = larger;
    }
    headers.clear();
    parts.clear();
    from = 0;
    length = 0;
  }

  /** What a header takes of the buffer at most. */
  static int space(RecordHeader header) {
    return header.length() + RecordHeader.ALIGNMENT;
  }

  /** Bytes that came before the first record, such as the header of the segment. */
  void addFirst(ByteBuffer bytes) {
    length += bytes.remaining();
    parts.add(bytes);
  }

  /** Adds a record and returns its offset from the begin of the group. */
  long add(RecordHeader header, SegmentHeader segment, List<ByteBuffer> payload) {
    long offset = length;
    header.writeTo(headers, segment.number(), segment.mark(), checksum);
    cut();
    parts.addAll(payload);
    length += header.recordLength();
    // What is missing to a multiple of eight goes in front of the next header: one part less.
    int padding = (int) (header.recordLength() - header.length() - header.payloadLength());
    for (int i = 0; i < padding; i++) {
      headers.put((byte) 0);
    }
    return offset;
  }

  private void cut() {
    if (headers.position() > from) {
      parts.add(headers.slice(from, headers.position() - from));
      from = headers.position();
    }
  }

  /** All that was added, to be written once. */
  ByteBuffer[] finish() {
    cut();
    return parts.toArray(ByteBuffer[]::new);
  }

  long length() {
    return length;
  }
}
