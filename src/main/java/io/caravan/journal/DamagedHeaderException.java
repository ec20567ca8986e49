/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;

/** The first bytes of a file are not what was written. */
final class DamagedHeaderException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedHeaderException(String file) {
    super(file + " does not begin with a sound header of the journal");
  }
}
