/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.compress.Compression;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Where an exporter sends, and how.
 *
 * @param endpoint the backend
 * @param compression of the requests; one that {@linkplain Compression#canCompress() compresses}
 * @param headers sent with every request, in this order; values may be secrets
 * @param tls used if the endpoint says TLS
 * @param timeout how long one attempt may take, from the call to the answer
 * @param maxPending batches that may wait for a connection on each event loop
 */
public record ExporterSettings(
    Endpoint endpoint,
    Compression compression,
    List<Header> headers,
    TlsSettings tls,
    Duration timeout,
    int maxPending) {

  /** A header; its value never shows in {@link #toString()}. */
  public record Header(String name, String value) {
    /** The header of basic authentication (RFC 7617). */
    public static Header basic(String user, String password) {
      byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return new Header(
          "authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    @Override
    public String toString() {
      return name + ": ***";
    }
  }

  /** Settings with the defaults: no compression, no headers, 5 s, 1,000 batches waiting. */
  public static ExporterSettings of(Endpoint endpoint) {
    return new ExporterSettings(
        endpoint, Compression.NONE, List.of(), TlsSettings.DEFAULT, Duration.ofSeconds(5), 1000);
  }

  public ExporterSettings with(Compression other) {
    return new ExporterSettings(endpoint, other, headers, tls, timeout, maxPending);
  }

  public ExporterSettings with(TlsSettings other) {
    return new ExporterSettings(endpoint, compression, headers, other, timeout, maxPending);
  }

  public ExporterSettings with(Duration otherTimeout) {
    return new ExporterSettings(endpoint, compression, headers, tls, otherTimeout, maxPending);
  }

  public ExporterSettings with(List<Header> others) {
    return new ExporterSettings(
        endpoint, compression, List.copyOf(others), tls, timeout, maxPending);
  }
}
