/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Hands on what is written to it line by line, without the ends of lines. */
final class EachLine extends OutputStream {

  /** What is done with a line. */
  @FunctionalInterface
  interface Action {
    void accept(byte[] line) throws IOException;
  }

  private final Action action;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  EachLine(Action action) {
    this.action = action;
  }

  @Override
  public void write(int b) throws IOException {
    if (b == '\n') {
      byte[] whole = line.toByteArray();
      line.reset();
      action.accept(whole);
    } else {
      line.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, from, i - from);
        write('\n');
        from = i + 1;
      }
    }
    line.write(bytes, from, offset + length - from);
  }
}
