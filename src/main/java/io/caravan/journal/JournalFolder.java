/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.List;

/**
 * The folder a journal lives in: the few operations of a file system that it rests on.
 *
 * <p>What is written to a file may be forgotten at a power loss until {@link JournalFile#sync}; a
 * name that was created, renamed or deleted until {@link #sync}. Thread-safe.
 */
public interface JournalFolder {
  /** The names of the files, in no order. */
  List<String> list() throws IOException;

  /**
   * Creates a file, to be written and read.
   *
   * @throws IOException also if there is one of that name
   */
  JournalFile create(String name) throws IOException;

  /**
   * Opens a file to be read alone.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  JournalFile open(String name) throws IOException;

  /** Opens a file that is there, to be read, shortened and added to. */
  JournalFile reopen(String name) throws IOException;

  /** Gives a file another name, in one step; a file that had it is gone. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, if it is there. Whoever has it open can still read it. */
  void delete(String name) throws IOException;

  /** Returns when every name that was created, renamed or deleted survives a power loss. */
  void sync() throws IOException;

  /** Bytes that this process may still write to the file system. */
  long usableSpace() throws IOException;

  /** Bytes that the file system holds. */
  long totalSpace() throws IOException;
}
