/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.time.Duration;

/**
 * How an {@link OtlpServer} listens and what it puts up with.
 *
 * @param bind the address to listen on; {@code 0.0.0.0} for all of IPv4, {@code ::} for all
 * @param grpcPort the port of OTLP/gRPC, 0 for any free one, -1 for none
 * @param httpPort the port of OTLP/HTTP, 0 for any free one, -1 for none
 * @param maxRequestSize the largest request in bytes, after decompression
 * @param maxArriving the memory in bytes of all requests together that have begun to arrive and are
 *     not whole yet; who goes beyond it is told to come again
 * @param requestTimeout how long a request may take to arrive
 * @param idleTimeout how long a connection without a request is kept
 */
public record ServerSettings(
    String bind,
    int grpcPort,
    int httpPort,
    int maxRequestSize,
    long maxArriving,
    Duration requestTimeout,
    Duration idleTimeout) {

  /** The size that the OTLP specification recommends as a limit: 64 MiB. */
  public static final int DEFAULT_MAX_REQUEST_SIZE = 64 << 20;

  /**
   * Two of the largest requests may arrive at a time, or as many smaller ones as take that memory.
   * The timeouts are longer than a healthy sender needs: 30 s for a request, 10 min of idleness.
   */
  public ServerSettings(String bind, int grpcPort, int httpPort, int maxRequestSize) {
    this(
        bind,
        grpcPort,
        httpPort,
        maxRequestSize,
        2L * maxRequestSize,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }
}
