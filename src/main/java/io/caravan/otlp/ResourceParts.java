/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;
import java.util.Arrays;

/**
 * Where the Resource of an entry stands: in one field, in none, or in several, which protobuf
 * joins. For each part the offsets of its tag, of its content and of what follows.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // of the package alone, never compared, and on the hot path
record ResourceParts(int[] offsets) {
  private static final ResourceParts NONE = new ResourceParts(new int[0]);

  static ResourceParts of(WireReader reader, BatchIndex index, int entry)
      throws MalformedOtlpException {
    return switch (index.resource(entry)) {
      case BatchIndex.NO_RESOURCE -> NONE;
      case BatchIndex.SEVERAL_RESOURCES -> {
        reader.window(index.body(entry), index.end(entry));
        yield scan(reader);
      }
      default ->
          new ResourceParts(
              new int[] {
                index.resourceStart(entry), index.resource(entry), index.resourceEnd(entry)
              });
    };
  }

  private static ResourceParts scan(WireReader reader) throws MalformedOtlpException {
    int[] found = new int[3 * 4];
    int n = 0;
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = reader.tag();
      if (tag == BatchIndexer.RESOURCE) {
        if (n == found.length) {
          found = Arrays.copyOf(found, 2 * n);
        }
        int length = reader.length();
        found[n++] = start;
        found[n++] = reader.position();
        reader.skip(length);
        found[n++] = reader.position();
      } else {
        reader.skipField(tag);
      }
    }
    return new ResourceParts(Arrays.copyOf(found, n));
  }

  int count() {
    return offsets.length / 3;
  }

  int start(int part) {
    return offsets[3 * part];
  }

  int content(int part) {
    return offsets[3 * part + 1];
  }

  int end(int part) {
    return offsets[3 * part + 2];
  }

  /** The bytes of all contents. */
  int contentLength() {
    int length = 0;
    for (int i = 0; i < count(); i++) {
      length += end(i) - content(i);
    }
    return length;
  }

  /** The bytes of all parts with their tags and lengths. */
  int length() {
    int length = 0;
    for (int i = 0; i < count(); i++) {
      length += end(i) - start(i);
    }
    return length;
  }

  /** Reads all parts as the one message that they are. */
  void read(ResourceAttributes attributes) throws MalformedOtlpException {
    for (int i = 0; i < count(); i++) {
      attributes.reader.window(content(i), end(i));
      attributes.read();
    }
  }
}
