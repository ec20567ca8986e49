/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain, and the private key that belongs to it.
 *
 * @param chain the server's own certificate first
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final byte[] PROBE = "caravan".getBytes(UTF_8);

  /**
   * Reads both from PEM text; the key may be PKCS#8, PKCS#1 or SEC 1, unencrypted.
   *
   * @throws IllegalArgumentException if either cannot be read, or they do not belong together; the
   *     message shows nothing of the key
   */
  public static TlsIdentity of(String certificates, String key) {
    return of(certificates(certificates), key);
  }

  /**
   * The same with the certificates of {@link #certificates}.
   *
   * @throws IllegalArgumentException if the key cannot be read, or is not that of the first one
   */
  public static TlsIdentity of(List<X509Certificate> chain, String key) {
    PrivateKey secret = privateKey(key);
    if (!belongTogether(chain.getFirst().getPublicKey(), secret)) {
      throw new IllegalArgumentException("the key is not that of the certificate");
    }
    return new TlsIdentity(chain, secret);
  }

  /**
   * The certificates of PEM text, in its order, at least one.
   *
   * @throws IllegalArgumentException if there is none, or one is broken
   */
  public static List<X509Certificate> certificates(String pem) {
    if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
      throw new IllegalArgumentException("there is no PEM certificate (BEGIN CERTIFICATE)");
    }
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate is broken: " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(String pem) {
    if (pem.contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "the key is encrypted; one without a passphrase is needed");
    }
    Matcher matcher = PKCS8.matcher(PrivateKeyPem.toPkcs8(pem));
    if (!matcher.find()) {
      throw new IllegalArgumentException("there is no PEM private key (BEGIN PRIVATE KEY)");
    }
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the key is not base64", e);
    }
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException _) {
        // Of another algorithm, or broken: the next one, or none of them.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalArgumentException("the key is none of RSA, EC and Ed25519, or broken");
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(secret);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(open);
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // not even of the same kind
    }
  }

  /** Without the key: a record would print it. */
  @Override
  public String toString() {
    return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
