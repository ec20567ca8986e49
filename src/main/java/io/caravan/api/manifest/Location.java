/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

/**
 * A place in a file.
 *
 * @param source the file's path as the user named it, or another name of where the text came from
 * @param line from 1; 0 where the whole source is meant
 * @param column from 1; 0 where the whole source is meant
 */
public record Location(String source, int line, int column) {

  /** The whole of a source. */
  public static Location of(String source) {
    return new Location(source, 0, 0);
  }

  /** {@code pipelines/demo.yaml:12:7}. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
