/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority for one test, and what it signs, as PEM text. */
public final class TestPki {
  private static final X500Name CA = new X500Name("CN=test CA");

  private final KeyPair keys;
  private final String certificate;

  /** A certificate and its key in both forms. */
  public record Identity(String certificate, String pkcs8, String traditional) {}

  public TestPki() throws GeneralSecurityException, OperatorCreationException, IOException {
    keys = keyPair("EC");
    certificate = pem(sign(CA, keys, GeneralName.dNSName, "ca", true));
  }

  public String certificate() {
    return certificate;
  }

  /** An identity for 127.0.0.1; {@code algorithm} is RSA or EC. */
  public Identity identity(String algorithm)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    return identity(algorithm, GeneralName.iPAddress, "127.0.0.1");
  }

  public Identity identity(String algorithm, int nameType, String name)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPair own = keyPair(algorithm);
    X509CertificateHolder signed = sign(new X500Name("CN=test"), own, nameType, name, false);
    return new Identity(pem(signed), pkcs8(own.getPrivate()), traditional(own.getPrivate()));
  }

  /** An identity for 127.0.0.1 of yesterday. */
  public Identity expired()
      throws GeneralSecurityException, OperatorCreationException, IOException {
    KeyPair own = keyPair("EC");
    Instant end = Instant.now().minus(Duration.ofDays(1));
    X509CertificateHolder signed =
        sign(new X500Name("CN=test"), own, GeneralName.iPAddress, "127.0.0.1", false, end);
    return new Identity(pem(signed), pkcs8(own.getPrivate()), traditional(own.getPrivate()));
  }

  private static KeyPair keyPair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("EC") ? 256 : 2048);
    return generator.generateKeyPair();
  }

  private X509CertificateHolder sign(
      X500Name subject, KeyPair own, int nameType, String name, boolean authority)
      throws OperatorCreationException, IOException {
    return sign(subject, own, nameType, name, authority, Instant.now().plus(Duration.ofHours(1)));
  }

  private X509CertificateHolder sign(
      X500Name subject, KeyPair own, int nameType, String name, boolean authority, Instant end)
      throws OperatorCreationException, IOException {
    return new JcaX509v3CertificateBuilder(
            CA,
            BigInteger.valueOf(Instant.now().toEpochMilli()),
            Date.from(end.minus(Duration.ofHours(2))),
            Date.from(end),
            subject,
            own.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
        .addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(nameType, name)))
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  private static String pkcs8(PrivateKey key) throws IOException {
    return pem(new PemObject("PRIVATE KEY", key.getEncoded()));
  }

  /** As openssl writes it: PKCS#1, or SEC 1 with the curve. */
  private static String traditional(PrivateKey key) throws IOException {
    return key instanceof java.security.interfaces.ECPrivateKey ec
        ? pem(
            new PemObject(
                "EC PRIVATE KEY",
                new ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1).getEncoded()))
        : pem(key);
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
