/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * What a Kamelet calls round an append, so that a file holds whole lines whatever happens: a disk
 * that fills up, a process that is killed, two versions of a pipeline that write while one takes
 * over. Thread-safe; one append at a time to each file.
 *
 * <p>The directory is the exchange's property {@link #DIRECTORY}, the name the header {@link
 * Exchange#FILE_NAME}.
 */
public final class WholeLines {
  /** The name in Camel's registry. */
  static final String BEAN = "wholeLines";

  static final String DIRECTORY = "CaravanDirectory";
  private static final String APPEND = "CaravanAppend";
  private static final int STRIPES = 64;

  /** Not locks: who ends an append may be another thread than who began it. */
  private final Semaphore[] turns =
      Stream.generate(() -> new Semaphore(1)).limit(STRIPES).toArray(Semaphore[]::new);

  /** An append that is under way. */
  private record Append(Path file, long length, Semaphore turn) {}

  /**
   * Waits until nobody else appends to the file, and ends a line that somebody was torn from.
   *
   * @throws IOException if the file cannot be read or written; there is nothing to end then
   */
  public void begin(Exchange exchange) throws IOException, InterruptedException {
    Path file =
        Path.of(
                exchange.getProperty(DIRECTORY, String.class),
                exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class))
            .toAbsolutePath()
            .normalize();
    Semaphore turn = turns[Math.floorMod(file.hashCode(), STRIPES)];
    turn.acquire();
    try {
      exchange.setProperty(APPEND, new Append(file, endOfLastLine(file), turn));
    } catch (IOException | RuntimeException e) {
      turn.release();
      throw e;
    }
  }

  private static long endOfLastLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long length = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      if (length > 0 && channel.read(last, length - 1) == 1 && last.get(0) != '\n') {
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}), length);
        return length + 1;
      }
      return length;
    }
  }

  /**
   * Takes back what a failed append left behind, and lets the next one begin.
   *
   * @throws IOException if that is not possible; the next append then begins with an end of line
   */
  public void end(Exchange exchange) throws IOException {
    if (!(exchange.removeProperty(APPEND) instanceof Append append)) {
      return;
    }
    try {
      if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT) != null && Files.exists(append.file())) {
        try (FileChannel channel = FileChannel.open(append.file(), StandardOpenOption.WRITE)) {
          channel.truncate(append.length());
        }
      }
    } finally {
      append.turn().release();
    }
  }
}
