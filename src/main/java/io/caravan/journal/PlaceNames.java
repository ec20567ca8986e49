/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The payload of a record that gives numbers of places their ids. */
final class PlaceNames {
  private PlaceNames() {}

  static ByteBuffer encode(List<Place> places) {
    List<byte[]> ids = places.stream().map(place -> place.id().getBytes(UTF_8)).toList();
    int bytes = ids.stream().mapToInt(id -> Integer.BYTES + Short.BYTES + id.length).sum();
    ByteBuffer payload = ByteBuffer.allocate(bytes);
    for (int i = 0; i < ids.size(); i++) {
      payload.putInt(places.get(i).number());
      payload.putShort((short) ids.get(i).length).put(ids.get(i));
    }
    return payload.flip();
  }

  /** The ids by number; empty if they are not what was written. */
  static Optional<Map<Integer, String>> read(JournalFile file, Found.Sound record)
      throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(record.header().payloadLength());
    file.read(payload, record.payloadOffset());
    CRC32C checksum = new CRC32C();
    checksum.update(payload.flip());
    if ((int) checksum.getValue() != record.header().payloadChecksum()) {
      return Optional.empty();
    }
    payload.rewind();
    Map<Integer, String> names = new LinkedHashMap<>();
    while (payload.hasRemaining()) {
      int number = payload.getInt();
      byte[] id = new byte[Short.toUnsignedInt(payload.getShort())];
      payload.get(id);
      names.put(number, new String(id, UTF_8));
    }
    return Optional.of(names);
  }
}
