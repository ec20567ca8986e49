/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tokens and passwords of those who may send, as digests. What is compared takes the same time
 * whichever of them it is, and whether it is one at all.
 *
 * @param tokens of RFC 6750
 * @param passwords by user name, of RFC 7617
 */
record Credentials(List<SecretDigest> tokens, Map<String, SecretDigest> passwords) {
  static final Credentials NONE = new Credentials(List.of(), Map.of());

  /** What an unknown user's password is compared with. */
  private static final SecretDigest NOBODY = SecretDigest.of("");

  /**
   * A token a line; empty lines and those that begin with # are none.
   *
   * @throws IllegalArgumentException naming the line, and nothing of it
   */
  static List<SecretDigest> tokens(String text) {
    List<SecretDigest> tokens = new ArrayList<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      if (isEntry(lines.get(i))) {
        if (!lines.get(i).chars().allMatch(c -> c > ' ' && c < 0x7f)) {
          throw new IllegalArgumentException(
              "line "
                  + (i + 1)
                  + " is no token: spaces and characters beyond ASCII cannot be sent");
        }
        tokens.add(SecretDigest.of(lines.get(i)));
      }
    }
    return List.copyOf(tokens);
  }

  /**
   * {@code user:password} a line; the password as it is, or its digest as {@link
   * SecretDigest#ofPassword} takes it.
   *
   * @throws IllegalArgumentException naming the line, and nothing of it
   */
  static Map<String, SecretDigest> passwords(String text) {
    Map<String, SecretDigest> passwords = new LinkedHashMap<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!isEntry(line)) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1 || colon == line.length() - 1) {
        throw new IllegalArgumentException("line " + (i + 1) + " is not user:password");
      }
      try {
        passwords.put(line.substring(0, colon), SecretDigest.ofPassword(line.substring(colon + 1)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return Map.copyOf(passwords);
  }

  private static boolean isEntry(String line) {
    return !line.isEmpty() && !line.startsWith("#");
  }

  /** Whether the value of an {@code authorization} field is one of these. */
  boolean accept(CharSequence authorization) {
    String value = authorization.toString().strip();
    int space = value.indexOf(' ');
    if (space < 0) {
      return false;
    }
    String presented = value.substring(space + 1).strip();
    return switch (value.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> acceptToken(presented);
      case "basic" -> acceptBasic(presented);
      default -> false;
    };
  }

  private boolean acceptToken(String token) {
    boolean known = false;
    for (SecretDigest each : tokens) {
      known |= each.matches(token);
    }
    return known;
  }

  private boolean acceptBasic(String encoded) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(encoded), UTF_8);
    } catch (IllegalArgumentException e) {
      return false; // no base64
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return false;
    }
    SecretDigest password = passwords.get(pair.substring(0, colon));
    boolean same = (password == null ? NOBODY : password).matches(pair.substring(colon + 1));
    return same && password != null;
  }

  /** Without the digests. */
  @Override
  public String toString() {
    return tokens.size() + " bearer tokens, " + passwords.size() + " users";
  }
}
