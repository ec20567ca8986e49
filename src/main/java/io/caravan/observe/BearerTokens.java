/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens of a file, one a line, as it is at this moment. Without the file nobody has one. */
final class BearerTokens {
  private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);
  private static final String SCHEME = "Bearer ";
  private static final LinePace PACE = new LinePace();

  private final Path file;

  BearerTokens(Path file) {
    this.file = file;
  }

  /** Whether a request shows one of them; one that does not is answered here. */
  boolean accept(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null && accept(authorization)) {
      return true;
    }
    byte[] text = "a bearer token is needed\n".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(401, head ? -1 : text.length);
    if (!head) {
      exchange.getResponseBody().write(text);
    }
    return false;
  }

  /** Whether the value of an {@code Authorization} field is one of them. */
  boolean accept(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] shown =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (String line : lines()) {
      String token = line.strip();
      // All are compared, each in the same time.
      known |=
          !token.isEmpty() && MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), shown);
    }
    return known;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      if (PACE.mayWrite()) {
        LOG.atWarn()
            .addKeyValue("file", file)
            .addKeyValue("why", e.toString())
            .log("The tokens cannot be read; nobody is let in");
      }
      return List.of();
    }
  }
}
