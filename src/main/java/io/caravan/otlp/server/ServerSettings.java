/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an {@link OtlpServer} listens and what it puts up with.
 *
 * @param bind the address to listen on; {@code 0.0.0.0} for all of IPv4, {@code ::} for all
 * @param grpcPort the port of OTLP/gRPC, 0 for any free one, -1 for none
 * @param httpPort the port of OTLP/HTTP, 0 for any free one, -1 for none
 * @param maxRequestSize the largest request in bytes, after decompression
 * @param requestTimeout how long a request may take to arrive
 * @param idleTimeout how long a connection without a request is kept
 * @param maxConnectionAge after which a connection is ended in good order, a tenth more or less, so
 *     that load spreads over replicas that come and go; zero for never
 * @param tls the certificates of both ports; empty for plaintext
 * @param credentials who may send
 * @param corsAllowedOrigins the web pages that may send from a browser, as {@link Cors} has them
 */
public record ServerSettings(
    String bind,
    int grpcPort,
    int httpPort,
    int maxRequestSize,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration maxConnectionAge,
    Optional<ServerTlsFiles> tls,
    CredentialFiles credentials,
    List<String> corsAllowedOrigins) {

  /** The size that the OTLP specification recommends as a limit: 64 MiB. */
  public static final int DEFAULT_MAX_REQUEST_SIZE = 64 << 20;

  /** A new replica has its share of the load after so long; a connection costs nothing by then. */
  public static final Duration DEFAULT_MAX_CONNECTION_AGE = Duration.ofMinutes(10);

  /** Plaintext for everybody, but for web pages. */
  public ServerSettings(
      String bind,
      int grpcPort,
      int httpPort,
      int maxRequestSize,
      Duration requestTimeout,
      Duration idleTimeout) {
    this(
        bind,
        grpcPort,
        httpPort,
        maxRequestSize,
        requestTimeout,
        idleTimeout,
        DEFAULT_MAX_CONNECTION_AGE,
        Optional.empty(),
        CredentialFiles.NONE,
        List.of());
  }

  /**
   * The timeouts are longer than a healthy sender needs: 30 s for a request, 10 min of idleness.
   */
  public ServerSettings(String bind, int grpcPort, int httpPort, int maxRequestSize) {
    this(bind, grpcPort, httpPort, maxRequestSize, Duration.ofSeconds(30), Duration.ofMinutes(10));
  }

  /** The same with another age of connections; zero for any. */
  public ServerSettings withMaxConnectionAge(Duration age) {
    return with(age, tls, credentials, corsAllowedOrigins);
  }

  /** The same with TLS. */
  public ServerSettings withTls(ServerTlsFiles files) {
    return with(maxConnectionAge, Optional.of(files), credentials, corsAllowedOrigins);
  }

  /** The same for those only who prove who they are. */
  public ServerSettings withCredentials(CredentialFiles files) {
    return with(maxConnectionAge, tls, files, corsAllowedOrigins);
  }

  /** The same for web pages, too. */
  public ServerSettings withCorsAllowedOrigins(List<String> origins) {
    return with(maxConnectionAge, tls, credentials, origins);
  }

  private ServerSettings with(
      Duration age, Optional<ServerTlsFiles> tls, CredentialFiles files, List<String> origins) {
    return new ServerSettings(
        bind,
        grpcPort,
        httpPort,
        maxRequestSize,
        requestTimeout,
        idleTimeout,
        age,
        tls,
        files,
        List.copyOf(origins));
  }
}
