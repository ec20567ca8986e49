/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;

/** A file of the journal was written by a version of this program that is too new. */
public final class UnknownFormatException extends IOException {
  private static final long serialVersionUID = 1;

  UnknownFormatException(String file, int version, int known) {
    super(
        "%s has format version %d, and this version of the program reads up to %d; run the version that wrote it until the journal is empty, or move the file away and lose what is in it"
            .formatted(file, version, known));
  }
}
