/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What compressed requests hold. The generator sends few distinct requests, so each is inflated and
 * counted once and known by its checksum from then on: the sink stays cheap.
 */
final class CompressedBodies {

  /** Above it the system's requests differ each time, and remembering them is in vain. */
  private static final int MOST = 4096;

  private final Signal signal;
  private final BodyEncoding encoding;
  private final Map<Fingerprint, Content> known = new HashMap<>();

  /** Length and CRC-32C of a request as it came. */
  record Fingerprint(int length, long checksum) {}

  /** Gives a request's bytes, which is asked only where they are not known yet. */
  @FunctionalInterface
  interface Bytes {
    byte[] get();
  }

  CompressedBodies(Signal signal, BodyEncoding encoding) {
    this.signal = signal;
    this.encoding = encoding;
  }

  /**
   * @throws UncheckedIOException if the bytes are not compressed as they should be
   */
  Content of(Fingerprint fingerprint, Bytes bytes) {
    Content content = known.get(fingerprint);
    if (content == null) {
      try {
        content = RecordCounter.count(signal, encoding.decode(bytes.get()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (known.size() < MOST) {
        known.put(fingerprint, content);
      }
    }
    return content;
  }
}
