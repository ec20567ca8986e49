/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/**
 * Private keys in the three forms that are in use: PKCS#8, PKCS#1 ({@code RSA PRIVATE KEY}) and SEC
 * 1 ({@code EC PRIVATE KEY}). Java reads only the first, the predecessor all three.
 */
final class PrivateKeyPem {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private PrivateKeyPem() {}

  /** The key as PKCS#8 PEM text, or empty if it does not belong to the certificate's key. */
  static Optional<String> matching(PemBlock block, PublicKey publicKey) {
    byte[] pkcs8 = block.label().equals("PRIVATE KEY") ? block.der() : wrap(block.der(), publicKey);
    try {
      PrivateKey key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return belongTogether(key, publicKey)
          ? Optional.of(PemBlock.of("PRIVATE KEY", pkcs8).text())
          : Optional.empty();
    } catch (GeneralSecurityException notOfThisAlgorithm) {
      return Optional.empty();
    }
  }

  /** What one signs, the other verifies: true for every algorithm, and free of key arithmetic. */
  private static boolean belongTogether(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] anything = publicKey.getEncoded();
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(anything);
    return signature.verify(signed);
  }

  /**
   * PKCS#8 is version, algorithm and the older form's bytes (RFC 5958, section 2); the algorithm
   * with its parameters also stands at the beginning of the public key (RFC 5280, section 4.1).
   */
  private static byte[] wrap(byte[] der, PublicKey publicKey) {
    ByteBuffer subjectPublicKeyInfo = ByteBuffer.wrap(publicKey.getEncoded());
    enter(subjectPublicKeyInfo);
    int start = subjectPublicKeyInfo.position();
    int length = enter(subjectPublicKeyInfo);
    byte[] algorithm = new byte[subjectPublicKeyInfo.position() - start + length];
    subjectPublicKeyInfo.get(start, algorithm);
    byte[] key = element(OCTET_STRING, der);
    return element(
        SEQUENCE,
        ByteBuffer.allocate(VERSION_0.length + algorithm.length + key.length)
            .put(VERSION_0)
            .put(algorithm)
            .put(key)
            .array());
  }

  /** Moves to an element's content and returns its length. */
  private static int enter(ByteBuffer der) {
    der.get();
    int first = der.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | (der.get() & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    ByteBuffer element = ByteBuffer.allocate(content.length + 4).put((byte) tag);
    if (content.length < 0x80) {
      element.put((byte) content.length);
    } else if (content.length < 0x100) {
      element.put((byte) 0x81).put((byte) content.length);
    } else {
      element.put((byte) 0x82).putShort((short) content.length);
    }
    element.put(content).flip();
    byte[] bytes = new byte[element.remaining()];
    element.get(bytes);
    return bytes;
  }
}
