/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link JournalFolder}. Reads are thread-safe; one thread alone writes. */
public interface JournalFile extends Closeable {
  /**
   * Writes all that remains in the buffers, one behind the other, at {@code position}; what lies
   * between the end of the file and the position reads as zeros and takes no space.
   */
  void write(ByteBuffer[] buffers, long position) throws IOException;

  /** Reads at {@code position} what the buffer has room for; less only at the end of the file. */
  void read(ByteBuffer into, long position) throws IOException;

  long size() throws IOException;

  /** Cuts the file to {@code size} bytes. */
  void truncate(long size) throws IOException;

  /**
   * Returns when the bytes, and the size, survive a power loss. If it fails, nothing is known about
   * any byte that was written since the last success, and a later success proves nothing.
   */
  void sync() throws IOException;
}
