/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

/** A data folder that this process cannot have. The message is a sentence for the user. */
public final class DataFolderException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, and what to do. */
  public DataFolderException(String message) {
    super(message);
  }
}
