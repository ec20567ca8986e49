/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A journal that {@link JournalBenchmark} measures. Whoever wants to measure another one gives the
 * name of a class on the class path that has a constructor of a folder and the number of readers.
 * It is not closed: the process that held it just ends.
 */
interface JournalUnderTest {

  /** What a pipeline reads, in order, from the first record that it has not acknowledged. */
  interface Reader {
    /**
     * Hands on what is there, a mebibyte or so at most, and acknowledges each record when it was
     * taken. Called by one thread at a time. A buffer is the pipeline's only during the call.
     *
     * @return the number of records, 0 if there is nothing new
     */
    int read(Consumer<ByteBuffer> pipeline) throws Exception;
  }

  /**
   * Appends a request; from any thread.
   *
   * @param request one reference is taken over
   * @return completed when the request survives a power cut
   */
  CompletableFuture<Void> append(ByteBuf request) throws Exception;

  Reader reader(int number) throws Exception;

  /** Opens the journal in a folder, which may hold what an earlier process left. */
  static JournalUnderTest open(String name, Path folder, int readers)
      throws IOException, ReflectiveOperationException {
    return switch (name) {
      case "floor" -> new FloorJournal(folder, readers);
      case "caravan" -> new CaravanJournal(folder, readers);
      default ->
          (JournalUnderTest)
              Class.forName(name)
                  .getDeclaredConstructor(Path.class, int.class)
                  .newInstance(folder, readers);
    };
  }
}
