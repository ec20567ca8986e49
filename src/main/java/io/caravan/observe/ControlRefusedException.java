/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import java.io.IOException;

/** A process answered, and the answer is no; the message is its sentence. */
public final class ControlRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Thrown by a command, it says that the request is wrong, and not the process: no log. */
  public ControlRefusedException(String sentence) {
    super(sentence);
  }
}
