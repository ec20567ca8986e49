/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.server.HttpAnswer.Field;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may send from a browser (the Fetch standard's CORS protocol).
 *
 * @param origins as {@code https://shop.example.com}, with at most one {@code *} each, which stands
 *     for anything but nothing; {@code *} alone for every page. Empty: the protocol is not spoken
 */
record Cors(List<String> origins) {
  /** Browsers ask again after two hours at most, whatever they are told. */
  private static final String MAX_AGE_SECONDS = "7200";

  private static final Field VARY = new Field(HttpHeaderNames.VARY, "origin");

  /** What the exporters for browsers send at least. */
  private static final String USUAL_HEADERS = "content-type, content-encoding, authorization";

  private static final int MAX_REQUESTED = 1024;
  private static final AsciiString NAMES = AsciiString.cached("!#$%&'*+-.^_`|~, \t");

  Cors {
    origins = origins.stream().map(origin -> origin.strip().toLowerCase(Locale.ROOT)).toList();
    for (String origin : origins) {
      if (!origin.equals("*")
          && (!origin.matches("[a-z][a-z0-9+.-]*://[^/*]*[*]?[^/*]*") || origin.endsWith("://"))) {
        throw new IllegalArgumentException(
            "'"
                + origin
                + "' is no origin; one such as https://shop.example.com or https://*.example.com is expected, without a path and with at most one *, or * alone");
      }
    }
  }

  /** What an {@code allow} field says of any path: preflights are not refused. */
  String methods() {
    return origins.isEmpty() ? "POST" : "POST, OPTIONS";
  }

  /** The answer to a preflight; null for every other request. */
  @Nullable HttpAnswer preflight(HttpRequest request) {
    if (origins.isEmpty()
        || !request.decoderResult().isSuccess()
        || !request.method().equals(HttpMethod.OPTIONS)
        || !request.headers().contains(HttpHeaderNames.ORIGIN)
        || !request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
      return null;
    }
    List<Field> fields = new ArrayList<>(fields(request));
    if (fields.size() > 1) {
      String requested = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
      fields.add(new Field(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST"));
      fields.add(
          new Field(
              HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
              requested == null || !isListOfNames(requested)
                  ? USUAL_HEADERS
                  : USUAL_HEADERS + ", " + requested));
      fields.add(new Field(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS));
    }
    return new HttpAnswer(204, fields, Unpooled.EMPTY_BUFFER);
  }

  private static boolean isListOfNames(String requested) {
    return requested.length() <= MAX_REQUESTED
        && requested
            .chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || NAMES.indexOf(Character.toString(c)) >= 0);
  }

  /** The fields that any answer to this request carries, those of errors, too. */
  List<Field> fields(HttpRequest request) {
    if (origins.isEmpty()) {
      return List.of();
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin == null || !allows(origin)) {
      return List.of(VARY);
    }
    // With credentials the origin has to be named: navigator.sendBeacon always asks for them.
    return List.of(
        VARY,
        new Field(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        new Field(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"));
  }

  private boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return origins.stream().anyMatch(allowed -> matches(allowed, lower));
  }

  private static boolean matches(String allowed, String origin) {
    int star = allowed.indexOf('*');
    if (star < 0) {
      return allowed.equals(origin);
    }
    String end = allowed.substring(star + 1);
    return origin.length() > star + end.length()
        && origin.startsWith(allowed.substring(0, star))
        && origin.endsWith(end);
  }
}
