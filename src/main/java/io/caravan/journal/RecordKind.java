/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.Optional;

/** What a record of a segment is. */
enum RecordKind {
  /** An entry. */
  DATA(1),
  /** The numbers and ids of places. */
  PLACES(2),
  /** Stands for records that nobody needs; their bytes are not there. */
  GAP(3),
  /** The last of a segment: nothing was to follow. */
  END(4);

  private final byte code;

  RecordKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static Optional<RecordKind> of(byte code) {
    for (RecordKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
