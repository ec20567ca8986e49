/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds one string attribute of a resource; of a key that occurs twice the last one wins. */
final class StringAttribute extends ResourceAttributes {
  private final byte[] key;
  private int start = NO_STRING;
  private int length;

  /** As {@link OtlpBatch#resourceAttribute}. */
  static @Nullable String of(ByteBuf request, BatchIndex index, int resource, String key)
      throws MalformedOtlpException {
    WireReader reader = new WireReader(request, index.body(resource), index.end(resource));
    StringAttribute attribute = new StringAttribute(reader, key.getBytes(StandardCharsets.UTF_8));
    ResourceParts.of(reader, index, resource).read(attribute);
    return attribute.value();
  }

  private StringAttribute(WireReader reader, byte[] key) {
    super(reader);
    this.key = key;
  }

  @Override
  void attribute(int keyStart, int keyLength, int valueStart, int valueLength) {
    if (keyLength == key.length && reader.matches(keyStart, key)) {
      start = valueStart;
      length = valueLength;
    }
  }

  /** Null if the key is absent or the last attribute of that key is no string. */
  private @Nullable String value() {
    return start == NO_STRING ? null : reader.utf8(start, length);
  }
}
