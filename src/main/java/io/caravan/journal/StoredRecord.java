/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.netty.buffer.ByteBuf;

/**
 * A record that was read for a place.
 *
 * @param receipt to acknowledge it with
 * @param nextPosition where the record behind it begins
 * @param time see {@link Entry#time}
 * @param lane see {@link Entry#lane}
 * @param signal see {@link Entry#signal}
 * @param origin see {@link Entry#origin}
 * @param resources see {@link Target#resources}
 * @param payload of the whole entry; whoever reads the record releases it
 */
// An array, since it is read as it is and nobody compares records.
@SuppressWarnings("ArrayRecordComponent")
public record StoredRecord(
    Receipt receipt,
    long nextPosition,
    long time,
    long lane,
    byte signal,
    byte origin,
    byte[] resources,
    ByteBuf payload) {
  public long position() {
    return receipt.position();
  }

  /** The records that the place takes of it. */
  public int records() {
    return receipt.records();
  }
}
