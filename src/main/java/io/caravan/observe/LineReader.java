/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads one line of bounded length. */
final class LineReader {
  private LineReader() {}

  /**
   * The bytes before the next line feed.
   *
   * @throws EOFException if the stream ends before it
   * @throws IOException if the line is longer than {@code limit} bytes
   */
  static byte[] read(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    while (true) {
      int count = in.read(piece);
      if (count < 0) {
        throw new EOFException("the line has no end");
      }
      for (int i = 0; i < count; i++) {
        if (piece[i] == '\n') {
          append(line, piece, i, limit);
          return line.toByteArray();
        }
      }
      append(line, piece, count, limit);
    }
  }

  private static void append(ByteArrayOutputStream line, byte[] piece, int count, int limit)
      throws IOException {
    if (line.size() + count > limit) {
      throw new IOException("the line is longer than " + limit + " bytes");
    }
    line.write(piece, 0, count);
  }
}
