/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server proves with who it is. Its text form does not hold the key.
 *
 * @param chain the server's own certificate first; not empty
 * @param key of the first certificate
 */
public record ServingCertificate(List<X509Certificate> chain, PrivateKey key) {

  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  public ServingCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server needs a certificate, and the chain is empty");
    }
  }

  /**
   * Reads what a Secret of type {@code kubernetes.io/tls} holds.
   *
   * @param key PKCS#8, of EC or RSA
   * @throws GeneralSecurityException if the text is no certificate or no such key, or if the key is
   *     another certificate's; the message does not quote it
   */
  public static ServingCertificate ofPem(String chain, String key) throws GeneralSecurityException {
    List<X509Certificate> certificates = certificates(chain);
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate in the PEM text");
    }
    PublicKey own = certificates.getFirst().getPublicKey();
    PrivateKey read = KeyFactory.getInstance(own.getAlgorithm()).generatePrivate(pkcs8(key));
    if (!isPair(own, read)) {
      throw new InvalidKeyException("the key is not that of the first certificate");
    }
    return new ServingCertificate(certificates, read);
  }

  /** All certificates of a PEM text, which may be empty. */
  static List<X509Certificate> certificates(String pem) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  /** The server's own certificate. */
  X509Certificate own() {
    return chain.getFirst();
  }

  /** What one key signs, the other verifies. */
  private static boolean isPair(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            open.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    byte[] text = {1};
    signature.initSign(secret);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update(text);
    try {
      return signature.verify(signed);
    } catch (SignatureException e) {
      // An RSA key of another length.
      return false;
    }
  }

  private static PKCS8EncodedKeySpec pkcs8(String pem) throws InvalidKeyException {
    Matcher block = PKCS8.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeyException("expected a PEM block PRIVATE KEY (PKCS#8)");
    }
    try {
      return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("the PEM block PRIVATE KEY is not base64");
    }
  }

  @Override
  public String toString() {
    X509Certificate own = own();
    return "ServingCertificate[%s, until %s]"
        .formatted(own.getSubjectX500Principal(), own.getNotAfter().toInstant());
  }
}
