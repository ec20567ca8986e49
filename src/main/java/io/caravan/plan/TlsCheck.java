/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Tls;
import io.caravan.api.ValueType;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks the TLS material of an OTLP output as the contract does (section 7.3), with its messages
 * and without its faults: every certificate of a chain and of a bundle is looked at, and one that
 * is about to expire hides nothing.
 */
final class TlsCheck {
  private static final Duration WARNING_TIME = Duration.ofDays(14);

  private final SecretLookup secrets;
  private final Instant now;

  TlsCheck(SecretLookup secrets, Instant now) {
    this.secrets = secrets;
    this.now = now;
  }

  TlsMaterial check(Tls tls) throws RejectedException {
    if (tls.insecure()) {
      return TlsMaterial.NONE;
    }
    if (tls.cert().isPresent() != tls.key().isPresent()) {
      throw invalid(
          "a certificate and private key must either both be provided or both be missing");
    }
    Optional<PlanValue> cert = resolve(tls.cert());
    Optional<PlanValue> key = resolve(tls.key());
    Optional<PlanValue> ca = resolve(tls.ca());

    List<X509Certificate> chain =
        cert.isPresent() ? certificates(cert.get().text(), "certificate") : List.of();
    Optional<PemBlock> keyBlock =
        key.isPresent() ? Optional.of(keyBlock(key.get().text())) : Optional.empty();
    List<X509Certificate> bundle =
        ca.isPresent() ? certificates(ca.get().text(), "CA certificate") : List.of();

    if (keyBlock.isPresent() && key.isPresent()) {
      String pkcs8 =
          PrivateKeyPem.matching(keyBlock.get(), chain.getFirst().getPublicKey())
              .orElseThrow(() -> invalid("certificate and private key do not match"));
      key = Optional.of(withText(key.get(), pkcs8));
    }
    checkChain(chain);
    List<String> notices = checkBundle(bundle);
    return new TlsMaterial(ca, cert, key, aboutToExpire(chain, bundle), notices);
  }

  /** The two characters {@code \n} stand for a line break where a Secret was written by hand. */
  private Optional<PlanValue> resolve(Optional<ValueType> value) throws RejectedException {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    PlanValue resolved =
        secrets
            .resolve(value.get())
            .filter(found -> !found.text().isEmpty())
            .orElseThrow(() -> invalid("failed to resolve value"));
    return Optional.of(withText(resolved, resolved.text().replace("\\n", "\n")));
  }

  private static PlanValue withText(PlanValue value, String text) {
    return switch (value) {
      case PlanValue.Literal _ -> new PlanValue.Literal(text);
      case PlanValue.Referenced _ -> new PlanValue.Referenced(text);
      case PlanValue.Secret _ -> new PlanValue.Secret(text);
    };
  }

  private static List<X509Certificate> certificates(String pem, String what)
      throws RejectedException {
    List<PemBlock> blocks =
        PemBlock.read(pem).stream().filter(block -> block.label().equals("CERTIFICATE")).toList();
    if (blocks.isEmpty()) {
      throw invalid("failed to decode PEM block containing " + what);
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> certificates = new ArrayList<>();
      for (PemBlock block : blocks) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
      }
      return certificates;
    } catch (CertificateException notX509) {
      throw invalid("failed to parse " + what);
    }
  }

  private static PemBlock keyBlock(String pem) throws RejectedException {
    List<PemBlock> blocks =
        PemBlock.read(pem).stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
    boolean encrypted =
        pem.contains("Proc-Type: 4,ENCRYPTED")
            || blocks.stream().anyMatch(block -> block.label().startsWith("ENCRYPTED"));
    if (encrypted) {
      throw invalid("the private key is encrypted; provide it without a passphrase");
    }
    if (blocks.isEmpty()) {
      throw invalid("failed to decode PEM block containing private key");
    }
    return blocks.getFirst();
  }

  /** A root at a chain's end is passed over: the backend trusts its own copy, not this one. */
  private void checkChain(List<X509Certificate> chain) throws RejectedException {
    Optional<X509Certificate> expired =
        Stream.concat(chain.stream().limit(1), chain.stream().skip(1).filter(one -> !isRoot(one)))
            .filter(this::isExpired)
            .findFirst();
    if (expired.isPresent()) {
      throw expired("TLS certificate", expired.get());
    }
  }

  /**
   * One certificate that can be trusted is enough, or no bundle could hold the old and the new
   * authority while they change.
   */
  private List<String> checkBundle(List<X509Certificate> bundle) throws RejectedException {
    if (bundle.isEmpty()) {
      return List.of();
    }
    List<X509Certificate> authorities =
        bundle.stream().filter(one -> one.getBasicConstraints() >= 0).toList();
    if (authorities.isEmpty()) {
      throw invalid("not a CA certificate");
    }
    List<X509Certificate> expired = authorities.stream().filter(this::isExpired).toList();
    if (expired.size() == authorities.size()) {
      throw expired("TLS CA certificate", latest(expired));
    }
    return expired.stream()
        .map(
            one ->
                "A certificate of spec.output.otlp.tls.ca expired on %s; the others of the bundle"
                        .formatted(expiry(one))
                    + " are trusted.")
        .toList();
  }

  private Optional<String> aboutToExpire(
      List<X509Certificate> chain, List<X509Certificate> bundle) {
    return firstToExpire(chain)
        .map(one -> "TLS certificate is about to expire, " + validUntil(one))
        .or(
            () ->
                firstToExpire(bundle)
                    .map(one -> "TLS CA certificate is about to expire, " + validUntil(one)));
  }

  private Optional<X509Certificate> firstToExpire(List<X509Certificate> certificates) {
    return certificates.stream()
        .filter(one -> !isExpired(one))
        .filter(one -> !one.getNotAfter().toInstant().isAfter(now.plus(WARNING_TIME)))
        .min(Comparator.comparing(X509Certificate::getNotAfter));
  }

  private boolean isExpired(X509Certificate certificate) {
    return now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static boolean isRoot(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static X509Certificate latest(List<X509Certificate> certificates) {
    return certificates.stream()
        .max(Comparator.comparing(X509Certificate::getNotAfter))
        .orElseThrow();
  }

  private static String validUntil(X509Certificate certificate) {
    return "configured certificate is valid until " + expiry(certificate);
  }

  private static LocalDate expiry(X509Certificate certificate) {
    return LocalDate.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC);
  }

  private static RejectedException expired(String what, X509Certificate certificate) {
    return new RejectedException(
        Reason.TLS_CERTIFICATE_EXPIRED, what + " expired on " + expiry(certificate));
  }

  private static RejectedException invalid(String problem) {
    return new RejectedException(
        Reason.TLS_CONFIGURATION_INVALID, "TLS configuration invalid: " + problem);
  }
}
