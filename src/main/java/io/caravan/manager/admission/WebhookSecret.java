/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import io.caravan.manager.workload.Labels;
import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Secret of the webhooks' certificates as PEM texts by their keys. Its text form does not hold
 * them.
 */
final class WebhookSecret {

  static final String AUTHORITY = "ca.crt";
  static final String AUTHORITY_KEY = "ca.key";
  static final String CHAIN = "tls.crt";
  static final String KEY = "tls.key";

  /** cert-manager notes on a Secret which Certificate and issuer it is of. */
  private static final String CERT_MANAGER = "cert-manager.io/";

  private final Optional<Secret> stored;

  WebhookSecret(Optional<Secret> stored) {
    this.stored = stored;
  }

  boolean isOfCertManager() {
    return stored
        .map(secret -> secret.getMetadata().getAnnotations())
        .filter(all -> all.keySet().stream().anyMatch(key -> key.startsWith(CERT_MANAGER)))
        .isPresent();
  }

  /** Empty where there is none. */
  String text(String name) {
    return stored
        .map(Secret::getData)
        .map(data -> data.get(name))
        .map(WebhookSecret::decoded)
        .orElse("");
  }

  /** The certificates of the authorities; none if the text is broken. */
  List<X509Certificate> authorities() {
    try {
      return ServingCertificate.certificates(text(AUTHORITY)).stream()
          .filter(certificate -> certificate.getBasicConstraints() >= 0)
          .toList();
    } catch (CertificateException e) {
      // Broken content is replaced, which is all that can be done about it.
      return List.of();
    }
  }

  /** The authority that issues; empty if a part of it is not there or broken. */
  Optional<CertificateAuthority> authority() {
    return pair(AUTHORITY, AUTHORITY_KEY)
        .filter(pair -> pair.own().getBasicConstraints() >= 0)
        .map(pair -> new CertificateAuthority(pair.own(), pair.key()));
  }

  /** What a server shows; empty if a part of it is not there or broken. */
  Optional<ServingCertificate> serving() {
    return pair(CHAIN, KEY);
  }

  private Optional<ServingCertificate> pair(String chain, String key) {
    try {
      return Optional.of(ServingCertificate.ofPem(text(chain), text(key)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * The Secret with other content, as it is to be applied. A Secret's type cannot be changed, so
   * that one of another type, which the predecessor's is, keeps it.
   */
  Secret with(
      String namespace,
      CertificateAuthority authority,
      List<X509Certificate> trusted,
      ServingCertificate server)
      throws CertificateEncodingException {
    Map<String, String> data = new TreeMap<>();
    data.put(AUTHORITY, base64(CertificateAuthority.pem(trusted)));
    data.put(AUTHORITY_KEY, base64(CertificateAuthority.pem(authority.key())));
    data.put(CHAIN, base64(CertificateAuthority.pem(server.chain())));
    data.put(KEY, base64(CertificateAuthority.pem(server.key())));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(WebhookCertificates.SECRET)
        .withNamespace(namespace)
        .withLabels(Labels.of(ManagerObjects.NAME, "controller"))
        .endMetadata()
        .withType(stored.map(Secret::getType).orElse("kubernetes.io/tls"))
        .withData(data)
        .build();
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "WebhookSecret[%s]"
        .formatted(stored.map(secret -> Objects.toString(secret.getType())).orElse("none"));
  }
}
