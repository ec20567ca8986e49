/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that say who may send, which are read again when they change. Empty ones let nobody in;
 * without any file everybody may send.
 *
 * @param bearerTokens a token a line
 * @param basicAuth {@code user:password} a line
 */
public record CredentialFiles(Optional<Path> bearerTokens, Optional<Path> basicAuth) {
  /** Everybody may send. */
  public static final CredentialFiles NONE =
      new CredentialFiles(Optional.empty(), Optional.empty());
}
