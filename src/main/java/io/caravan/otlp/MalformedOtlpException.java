/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/**
 * Bytes that are not the protobuf message, or the JSON text, that they claim to be. The message
 * says what and at which offset.
 */
public final class MalformedOtlpException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedOtlpException(String message) {
    super(message, null, false, false);
  }
}
