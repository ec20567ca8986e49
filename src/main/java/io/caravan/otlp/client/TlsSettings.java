/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import java.util.Optional;

/**
 * The TLS of one backend, as PEM text.
 *
 * @param ca certificates to trust; empty for those of the JDK, or of the file that {@code
 *     SSL_CERT_FILE} names
 * @param cert the client's certificate chain, with {@code key}
 * @param key the client's private key, unencrypted: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
 * @param verification whether the backend's certificate and name are checked
 */
public record TlsSettings(
    Optional<String> ca, Optional<String> cert, Optional<String> key, Verification verification) {

  /** Whom to believe. */
  public enum Verification {
    FULL,
    SKIPPED
  }

  /** No certificates of its own, no client certificate, full verification. */
  public static final TlsSettings DEFAULT =
      new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Verification.FULL);

  /** Without the key: a record would print it. */
  @Override
  public String toString() {
    return "TlsSettings[ca=%s, cert=%s, verification=%s]"
        .formatted(ca.isPresent(), cert.isPresent(), verification);
  }
}
