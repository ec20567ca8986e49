/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Quantity;

/**
 * An amount of memory or disk.
 *
 * @param count of bytes, more than 0
 */
record Bytes(long count) {
  private static final long MEBI = 1 << 20;

  Bytes {
    if (count <= 0) {
      throw new IllegalArgumentException("not an amount of bytes: " + count);
    }
  }

  static Bytes mebi(long count) {
    return new Bytes(count * MEBI);
  }

  static Bytes gibi(long count) {
    return mebi(count * 1024);
  }

  /** In the largest unit without a fraction, as people write it. */
  Quantity quantity() {
    if (count % (MEBI * 1024) == 0) {
      return new Quantity(count / MEBI / 1024 + "Gi");
    }
    return count % MEBI == 0 ? new Quantity(count / MEBI + "Mi") : new Quantity("" + count);
  }
}
