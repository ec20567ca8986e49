/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.WireReader;

/**
 * Walks over the elements of a message: its length-delimited fields of one number. Not thread-safe;
 * the reader is its own as long as it walks.
 */
final class Elements {
  private final WireReader reader;
  private final int tag;
  private int start;
  private int body;
  private int end;

  Elements(WireReader reader, int from, int to, int tag) {
    this.reader = reader;
    this.tag = tag;
    reader.window(from, to);
  }

  /** Goes to the next element; false if there is none. */
  boolean next() throws MalformedOtlpException {
    while (reader.hasMore()) {
      start = reader.position();
      int found = reader.tag();
      if (found == tag) {
        int length = reader.length();
        body = reader.position();
        reader.skip(length);
        end = reader.position();
        return true;
      }
      reader.skipField(found);
    }
    return false;
  }

  /** The offset of the element's tag. */
  int start() {
    return start;
  }

  /** The offset of its content. */
  int body() {
    return body;
  }

  /** The offset behind it. */
  int end() {
    return end;
  }

  /** Its bytes, with tag and length. */
  int size() {
    return end - start;
  }
}
