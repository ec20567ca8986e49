/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies bytes of a file to another, however many, with little memory. */
final class FileCopy {
  private static final int CHUNK = 64 << 10;

  private FileCopy() {}

  /** Copies {@code length} bytes from {@code offset} of the one to {@code target} of the other. */
  static void copy(JournalFile from, long offset, long length, JournalFile to, long target)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, length));
    for (long done = 0; done < length; ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), length - done));
      from.read(chunk, offset + done);
      if (chunk.flip().remaining() == 0) {
        throw new IOException("the file became shorter while it was copied");
      }
      int read = chunk.remaining();
      to.write(new ByteBuffer[] {chunk}, target + done);
      done += read;
    }
  }
}
