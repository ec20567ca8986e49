/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;

/**
 * Is told what happens inside a journal, for metrics and conditions. Called from the journal's
 * threads and from readers: thread-safe, and neither blocks nor takes long.
 */
public interface JournalListener {
  /** For those who do not want to know. */
  JournalListener NONE = new JournalListener() {};

  /**
   * A group was written.
   *
   * @param syncNanos how long the sync took; 0 if none was asked for
   */
  default void committed(int entries, long bytes, long writeNanos, long syncNanos) {}

  /** A group could not be written or synced; it is tried once more in another segment. */
  default void failed(IOException cause) {}

  /** Entries were refused since they could not be written. Ends with the next commit. */
  default void refused(int entries, IOException cause) {}

  /** Acknowledgements could not be saved. They are kept in memory and saved when it is possible. */
  default void progressFailed(IOException cause) {}

  /** The end of the last segment was not written whole; it was not answered for, and is cut. */
  default void torn(String segment, long offset, long bytes) {}

  /** Bytes in the middle of a segment are not what was written; they are skipped. */
  default void corrupt(String segment, long offset, long bytes) {}

  /** A place has lost a record whose payload is corrupt. */
  default void lost(Place place, Receipt receipt) {}

  /**
   * Entries of a place are gone, and nobody had saved what they held: their segment went with the
   * process, or they were refused by a disk on which that could not be saved either.
   */
  default void missing(Place place, long entries) {}
}
