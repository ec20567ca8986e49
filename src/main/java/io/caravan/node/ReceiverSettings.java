/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom the OTLP ports let in, and how. The files are read again when they change.
 *
 * @param cert the certificate of both ports, PEM, with {@code key}; plaintext without
 * @param key its private key, PEM
 * @param clientCa who has to have signed the clients' certificates, PEM; without, they need none
 * @param bearerTokens a token a line; with this or {@code basicAuth} senders have to prove who they
 *     are
 * @param basicAuth {@code user:password} a line
 * @param maxConnectionAge after which a connection is ended in good order; zero for never
 * @param corsAllowedOrigins the web pages that may send from a browser
 */
public record ReceiverSettings(
    Optional<Path> cert,
    Optional<Path> key,
    Optional<Path> clientCa,
    Optional<Path> bearerTokens,
    Optional<Path> basicAuth,
    Duration maxConnectionAge,
    List<String> corsAllowedOrigins) {

  /** Plaintext for everybody, but for web pages. */
  public static final ReceiverSettings OPEN =
      new ReceiverSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(10),
          List.of());

  /**
   * What {@code routes/gateway.camel.yaml} refers to as beans, and not as placeholders, which would
   * become part of a URI: a path may say what it likes. What is not set is empty.
   */
  Map<String, String> beans() {
    return Map.of(
        "otlpCertFile", text(cert),
        "otlpKeyFile", text(key),
        "otlpClientCaFile", text(clientCa),
        "otlpBearerTokensFile", text(bearerTokens),
        "otlpBasicAuthFile", text(basicAuth),
        "otlpCorsAllowedOrigins", String.join(",", corsAllowedOrigins));
  }

  private static String text(Optional<Path> file) {
    return file.map(each -> each.toAbsolutePath().toString()).orElse("");
  }
}
