/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/**
 * Ends an exchange that came from {@code otlp:} with the status that its sender is to get. No stack
 * trace: it is an answer.
 */
public final class OtlpStatusException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient OtlpStatus status;

  public OtlpStatusException(OtlpStatus status) {
    super(status.code() + ": " + status.message(), null, false, false);
    this.status = status;
  }

  public OtlpStatus status() {
    return status;
  }
}
