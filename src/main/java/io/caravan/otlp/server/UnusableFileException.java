/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.nio.file.Path;
import java.util.function.Supplier;

/** A file of the settings cannot be read, or not be used; the message names it and says why. */
public final class UnusableFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  UnusableFileException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
  }

  private UnusableFileException(Path file, IllegalArgumentException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.file = file;
  }

  /** Has what is wrong with the content of a file name the file. */
  static <T> T naming(Path file, Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      throw new UnusableFileException(file, e);
    }
  }

  /** The one that is to be mended. */
  public Path file() {
    return file;
  }
}
