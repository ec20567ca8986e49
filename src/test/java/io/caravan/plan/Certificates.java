/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Makes certificates and keys as users have them. */
public final class Certificates {
  private Certificates() {}

  /** What a certificate may be used for. */
  public enum Use {
    CLIENT,
    AUTHORITY
  }

  static KeyPair rsaKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  public static KeyPair ecKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    return generator.generateKeyPair();
  }

  static KeyPair ed25519Key() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  /** A certificate of that key, signed by the authority {@code CN=ca}, as PEM. */
  public static String certificate(KeyPair key, Use use, Instant notAfter) throws Exception {
    return certificate(key, use, "CN=client", "CN=ca", notAfter);
  }

  /** A certificate that its own key has signed, as PEM. */
  public static String root(KeyPair key, Instant notAfter) throws Exception {
    return certificate(key, Use.AUTHORITY, "CN=ca", "CN=ca", notAfter);
  }

  /** {@code RSA PRIVATE KEY} or {@code EC PRIVATE KEY}, as OpenSSL wrote keys for long. */
  static String olderForm(PrivateKey key) throws IOException {
    return pem(key);
  }

  public static String pkcs8(PrivateKey key) throws IOException {
    return pem(new PemObject("PRIVATE KEY", key.getEncoded()));
  }

  private static String certificate(
      KeyPair key, Use use, String subject, String issuer, Instant notAfter)
      throws IOException, OperatorCreationException {
    String algorithm =
        switch (key.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    X509CertificateHolder certificate =
        new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.ONE,
                Date.from(notAfter.minus(3650, ChronoUnit.DAYS)),
                Date.from(notAfter),
                new X500Name(subject),
                key.getPublic())
            .addExtension(
                Extension.basicConstraints, true, new BasicConstraints(use == Use.AUTHORITY))
            .build(new JcaContentSignerBuilder(algorithm).build(key.getPrivate()));
    return pem(certificate);
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
