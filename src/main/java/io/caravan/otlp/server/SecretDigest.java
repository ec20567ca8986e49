/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The digest of a secret, which tells whether something is that secret, in constant time. */
final class SecretDigest {
  private static final String SHA_256 = "{SHA256}";
  private static final String SHA_1 = "{SHA}";

  private final String algorithm;
  private final byte[] digest;

  private SecretDigest(String algorithm, byte[] digest) {
    this.algorithm = algorithm;
    this.digest = digest;
  }

  static SecretDigest of(String secret) {
    return new SecretDigest("SHA-256", digest("SHA-256", secret));
  }

  /**
   * Of a password as a file has it: plain, {@code {SHA256}} and the base64 of its SHA-256, or
   * {@code {SHA}} and that of its SHA-1, as {@code htpasswd -s} writes it.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static SecretDigest ofPassword(String written) {
    if (written.startsWith(SHA_256)) {
      return decoded("SHA-256", written.substring(SHA_256.length()));
    }
    if (written.startsWith(SHA_1)) {
      return decoded("SHA-1", written.substring(SHA_1.length()));
    }
    if (written.matches("\\$(2[abxy]?|apr1|1|5|6|y)\\$.+")) {
      // They are slow on purpose, and this is checked for every request.
      throw new IllegalArgumentException(
          "bcrypt and the other hashes of crypt(3) are not supported; use a long random password, plain or as {SHA256} and the base64 of its SHA-256");
    }
    return of(written);
  }

  private static SecretDigest decoded(String algorithm, String base64) {
    byte[] digest;
    try {
      digest = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the digest is not base64", e);
    }
    int expected = digest(algorithm, "").length;
    if (digest.length != expected) {
      throw new IllegalArgumentException(
          "the digest has " + digest.length + " bytes, not the " + expected + " of " + algorithm);
    }
    return new SecretDigest(algorithm, digest);
  }

  boolean matches(String presented) {
    return MessageDigest.isEqual(digest, digest(algorithm, presented));
  }

  private static byte[] digest(String algorithm, String secret) {
    try {
      return MessageDigest.getInstance(algorithm).digest(secret.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
