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
   * @throws GeneralSecurityException if the text is no certificate or no such key; the message does
   *     not quote it
   */
  public static ServingCertificate ofPem(String chain, String key) throws GeneralSecurityException {
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate in the PEM text");
    }
    String algorithm = certificates.getFirst().getPublicKey().getAlgorithm();
    return new ServingCertificate(
        certificates, KeyFactory.getInstance(algorithm).generatePrivate(pkcs8(key)));
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
    X509Certificate own = chain.getFirst();
    return "ServingCertificate[%s, until %s]"
        .formatted(own.getSubjectX500Principal(), own.getNotAfter().toInstant());
  }
}
