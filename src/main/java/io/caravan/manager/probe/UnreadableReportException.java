/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import java.io.Serial;

/** A pod has answered something that this version does not understand; the message says what. */
final class UnreadableReportException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnreadableReportException(String message) {
    super(message);
  }
}
