/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

/** A replay does not begin; the message is a sentence that says why, and what to do. */
public final class ReplayRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  ReplayRefusedException(String sentence) {
    super(sentence);
  }
}
