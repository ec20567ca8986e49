/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.nio.ByteBuffer;

/** A target as it stands in the header of a record. */
@SuppressWarnings("ArrayRecordComponent") // see Target
record TargetHeader(int place, int records, long bytes, long ordinal, byte[] resources) {
  static final int FIXED_LENGTH = 26;

  int length() {
    return FIXED_LENGTH + resources.length;
  }

  void writeTo(ByteBuffer to) {
    to.putInt(place).putInt(records).putLong(bytes).putLong(ordinal);
    to.putShort((short) resources.length).put(resources);
  }

  static TargetHeader readFrom(ByteBuffer from) {
    int place = from.getInt();
    int records = from.getInt();
    long bytes = from.getLong();
    long ordinal = from.getLong();
    int length = Short.toUnsignedInt(from.getShort());
    byte[] resources = length == 0 ? Target.ALL_RESOURCES : new byte[length];
    from.get(resources);
    return new TargetHeader(place, records, bytes, ordinal, resources);
  }

  Receipt receipt(long position, byte origin) {
    return new Receipt(place, position, ordinal, origin, records, bytes);
  }
}
