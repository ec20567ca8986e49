/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * One that takes an entry, or a part of it.
 *
 * @param place of the one that takes it
 * @param records that it takes
 * @param bytes that were reserved for it at the place
 * @param resources a bit for each resource of the request, the lowest of the first byte for the
 *     first, set for those it takes; empty for all. At most 65,535 bytes. Not to be changed
 *     afterwards.
 */
// An array, since it is written as it is and nobody compares targets.
@SuppressWarnings("ArrayRecordComponent")
public record Target(Place place, int records, long bytes, byte[] resources) {
  static final byte[] ALL_RESOURCES = {};
  private static final int MOST_BYTES_OF_RESOURCES = 0xFFFF;

  public Target {
    if (resources.length > MOST_BYTES_OF_RESOURCES) {
      throw new IllegalArgumentException(
          "the bits of the resources take %d bytes; at most %d can be written"
              .formatted(resources.length, MOST_BYTES_OF_RESOURCES));
    }
  }

  /** Takes the whole entry. */
  public Target(Place place, int records, long bytes) {
    this(place, records, bytes, ALL_RESOURCES);
  }
}
