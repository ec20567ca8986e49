/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.Optional;

/** What stands at an offset of a segment. */
sealed interface Found {
  long offset();

  /** To the begin of what comes next. */
  long length();

  default long end() {
    return offset() + length();
  }

  /** A record whose header is sound, and whose payload is too, if that was asked for. */
  record Sound(long offset, RecordHeader header) implements Found {
    @Override
    public long length() {
      return header.recordLength();
    }

    long payloadOffset() {
      return offset + header.length();
    }
  }

  /**
   * Bytes that are not what was written.
   *
   * @param header if that is sound, and it is the payload that is not
   */
  record Damaged(long offset, long length, Optional<RecordHeader> header) implements Found {}
}
