/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** What a replay sends again, in order. Used by one thread, which may read files. */
interface ReplaySource extends AutoCloseable {

  /** One thing of the source. */
  sealed interface Item {}

  /**
   * What is to be sent.
   *
   * @param batch with one reference, which goes with it
   * @param taken called when the backlog has it on the disk
   */
  record Again(OtlpBatch batch, Taken taken) implements Item {}

  /**
   * What cannot be sent.
   *
   * @param why a sentence that names it
   */
  record LeftOut(String why) implements Item {}

  /** Lets go of what a batch was made of; it may read files. */
  @FunctionalInterface
  interface Taken {
    void letGo() throws IOException;
  }

  /**
   * What comes next; empty if that was all.
   *
   * @throws IOException if the source cannot be read
   */
  Optional<Item> next() throws IOException;

  /** How many records there are to be sent; empty where only sending tells. It may read files. */
  default OptionalLong records() throws IOException {
    return OptionalLong.empty();
  }

  /** Lets go of what was read and not asked for. */
  @Override
  default void close() {}
}
