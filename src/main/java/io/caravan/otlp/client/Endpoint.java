/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of a backend.
 *
 * @param transport TLS or not
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param authority host and port as the backend is told them
 * @param path the path of the URL with its query, {@code ""} where there is none
 */
public record Endpoint(Transport transport, String host, int port, String authority, String path) {

  /** What the bytes travel in. */
  public enum Transport {
    PLAINTEXT,
    TLS
  }

  /**
   * The endpoint of OTLP/gRPC: {@code host:port}, {@code http://host:port} or {@code
   * https://host:port}.
   *
   * @param otherwise the transport where the text does not say {@code http://}; for {@code
   *     https://}, too: whoever switches TLS off means it
   * @throws IllegalArgumentException if the port is missing or there is a path
   */
  public static Endpoint grpc(String text, Transport otherwise) {
    URI uri = uri(text);
    if (uri.getPort() < 0) {
      throw new IllegalArgumentException(
          "The gRPC endpoint "
              + shown(uri)
              + " has no port; write host:port, for example "
              + uri.getHost()
              + ":4317.");
    }
    if (!path(uri).isEmpty()) {
      throw new IllegalArgumentException(
          "The gRPC endpoint " + shown(uri) + " has a path; gRPC has none. Write host:port.");
    }
    Transport transport = "http".equals(uri.getScheme()) ? Transport.PLAINTEXT : otherwise;
    return new Endpoint(
        transport, host(uri), uri.getPort(), uri.getHost() + ":" + uri.getPort(), "");
  }

  /**
   * The endpoint of OTLP/HTTP: a URL; {@code host:port} means {@code https://host:port} unless
   * {@code otherwise} says plaintext.
   *
   * @throws IllegalArgumentException if it is not a URL
   */
  public static Endpoint http(String text, Transport otherwise) {
    URI uri = uri(text);
    Transport transport =
        switch (uri.getScheme()) {
          case "http" -> Transport.PLAINTEXT;
          case "https" -> Transport.TLS;
          default -> otherwise;
        };
    int standard = transport == Transport.TLS ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    String authority = port == standard ? uri.getHost() : uri.getHost() + ":" + port;
    return new Endpoint(transport, host(uri), port, authority, path(uri));
  }

  private static final String NO_SCHEME = "none";

  private static URI uri(String text) {
    String trimmed = text.strip();
    try {
      URI uri = new URI(trimmed.contains("://") ? trimmed : NO_SCHEME + "://" + trimmed);
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      if (uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getPort() > 65535
          || uri.getPort() == 0) {
        throw new IllegalArgumentException(
            "The endpoint names no valid host and port; write host:port or a URL"
                + " (credentials have options of their own).");
      }
      if (!scheme.equals("http") && !scheme.equals("https") && !scheme.equals(NO_SCHEME)) {
        throw new IllegalArgumentException(
            "The endpoint's scheme is " + scheme + "; use http:// or https://.");
      }
      return new URI(scheme + uri.toString().substring(scheme.length()));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "The endpoint is not a URL (at character " + e.getIndex() + ": " + e.getReason() + ").");
    }
  }

  private static String host(URI uri) {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String path(URI uri) {
    String path = text(uri.getRawPath());
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static String text(@Nullable String part) {
    return part == null ? "" : part;
  }

  /** Without the query: some backends take their key there. */
  private static String shown(URI uri) {
    String path = text(uri.getRawPath());
    return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
  }

  /**
   * The request target of a signal: {@code signalPath} appended to the path of this endpoint, the
   * query kept.
   */
  public String target(String signalPath) {
    int query = path.indexOf('?');
    String base = query < 0 ? path : path.substring(0, query);
    String joined = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    String tail = signalPath.startsWith("/") ? signalPath : "/" + signalPath;
    return joined + tail + (query < 0 ? "" : path.substring(query));
  }

  /** Without path and query. */
  @Override
  public String toString() {
    return (transport == Transport.TLS ? "https://" : "http://") + authority;
  }
}
