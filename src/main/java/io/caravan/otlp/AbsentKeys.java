/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;

/** Finds which of some attributes a resource does not have yet. */
final class AbsentKeys extends ResourceAttributes {
  private final EncodedAttributes wanted;
  private long absent;

  AbsentKeys(WireReader reader, EncodedAttributes wanted) {
    super(reader);
    this.wanted = wanted;
    this.absent = wanted.all();
  }

  @Override
  void attribute(int keyStart, int keyLength, int valueStart, int valueLength) {
    for (long rest = absent; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      byte[] key = wanted.key(i);
      if (keyLength == key.length && reader.matches(keyStart, key)) {
        absent &= ~(1L << i);
        return;
      }
    }
  }

  /** A bit for each attribute of those wanted that is not there. */
  long absent() {
    return absent;
  }
}
