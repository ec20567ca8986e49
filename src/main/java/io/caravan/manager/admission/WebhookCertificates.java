/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import io.caravan.manager.workload.ManagerObjects;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * With what certificate the webhooks are served, what API servers have to trust for it, and the
 * Secret that holds both.
 *
 * <p>An authority lives for 365 days and is replaced 30 days before its end; a server's certificate
 * lives for 7 days and is replaced a day before. The two are never replaced in one step while the
 * server's certificate is good: API servers first get to know the new authority, and trust the old
 * one beside it until none of its certificates can be shown any more.
 *
 * @param secret as it is to be; equal to the stored one as long as that is good. Empty where
 *     cert-manager issues it, which is only read
 * @param caBundle base64 of PEM, for the registrations. It has to be there before {@code serving}
 *     is shown
 * @param serving what the server is to show
 * @param lookAgain when the next one is due
 */
public record WebhookCertificates(
    Optional<Secret> secret, String caBundle, ServingCertificate serving, Instant lookAgain) {

  /** The name of the Secret. */
  public static final String SECRET = "telemetry-webhook-cert";

  static final Duration AUTHORITY_LIFE = Duration.ofDays(365);
  static final Duration AUTHORITY_AHEAD = Duration.ofDays(30);
  static final Duration SERVER_LIFE = Duration.ofDays(7);
  static final Duration SERVER_AHEAD = Duration.ofDays(1);

  /** How long an authority is left to become known before it issues for a server. */
  static final Duration SETTLING = Duration.ofMinutes(10);

  private static final Duration ISSUED_IS_SHOWN = SERVER_LIFE.plus(SERVER_AHEAD);

  /** DNS names, as RFC 5280 numbers the kinds of names. */
  private static final Integer DNS = 2;

  /**
   * What has to be there now. Content that is broken, or of somebody else, is replaced; an
   * authority of somebody else stays trusted for as long as an older one of ours would.
   *
   * @param existing the stored Secret
   * @param namespace where the manager and its service are
   * @throws GeneralSecurityException if cert-manager issues the Secret and it holds nothing that
   *     can be served (yet); what was served before stays good for as long
   */
  public static WebhookCertificates next(Optional<Secret> existing, String namespace, Instant now)
      throws GeneralSecurityException {
    WebhookSecret stored = new WebhookSecret(existing);
    if (stored.isOfCertManager()) {
      return issuedElsewhere(stored);
    }
    List<X509Certificate> known =
        stored.authorities().stream().filter(authority -> isValid(authority, now)).toList();
    Optional<CertificateAuthority> good =
        stored
            .authority()
            .filter(own -> isValid(own.certificate(), now))
            .filter(own -> now.isBefore(end(own.certificate()).minus(AUTHORITY_AHEAD)));
    CertificateAuthority own =
        good.isPresent() ? good.get() : CertificateAuthority.create(now, AUTHORITY_LIFE);
    Instant olderUntil = own.madeAt().plus(ISSUED_IS_SHOWN);
    List<X509Certificate> trusted = new ArrayList<>(List.of(own.certificate()));
    if (now.isBefore(olderUntil)) {
      known.stream().filter(other -> !other.equals(own.certificate())).forEach(trusted::add);
    }

    List<String> names = names(namespace);
    Instant settled = own.madeAt().plus(SETTLING);
    Optional<ServingCertificate> shown =
        stored
            .serving()
            .filter(server -> isGood(server.own(), names, trusted, now))
            .filter(
                server ->
                    now.isBefore(end(server.own()).minus(SERVER_AHEAD)) || now.isBefore(settled));
    ServingCertificate server =
        shown.isPresent() ? shown.get() : own.issue(names, now, SERVER_LIFE);

    Instant serverDue = end(server.own()).minus(SERVER_AHEAD);
    Stream<Instant> due =
        Stream.of(
            end(own.certificate()).minus(AUTHORITY_AHEAD),
            serverDue.isBefore(settled) ? settled : serverDue,
            trusted.size() > 1 ? olderUntil : Instant.MAX);
    return new WebhookCertificates(
        Optional.of(stored.with(namespace, own, trusted, server)),
        WebhookSecret.base64(CertificateAuthority.pem(trusted)),
        server,
        due.min(Instant::compareTo).orElseThrow());
  }

  /** The names by which API servers, and people who try, call the service. */
  static List<String> names(String namespace) {
    String service = ManagerObjects.WEBHOOK_SERVICE + "." + namespace;
    return List.of(service + ".svc", service + ".svc.cluster.local", service);
  }

  private static WebhookCertificates issuedElsewhere(WebhookSecret stored)
      throws GeneralSecurityException {
    for (String name : List.of(WebhookSecret.AUTHORITY, WebhookSecret.CHAIN, WebhookSecret.KEY)) {
      if (stored.text(name).isBlank()) {
        throw new CertificateException(
            "the Secret %s is issued by cert-manager and has no %s; look at its Certificate"
                .formatted(SECRET, name));
      }
    }
    ServingCertificate server =
        ServingCertificate.ofPem(stored.text(WebhookSecret.CHAIN), stored.text(WebhookSecret.KEY));
    // The Secret is watched, so that a new one is seen when it comes.
    return new WebhookCertificates(
        Optional.empty(),
        WebhookSecret.base64(stored.text(WebhookSecret.AUTHORITY)),
        server,
        end(server.own()));
  }

  private static boolean isGood(
      X509Certificate server, List<String> names, List<X509Certificate> trusted, Instant now) {
    try {
      Set<String> own = new HashSet<>();
      if (server.getSubjectAlternativeNames() != null) {
        server.getSubjectAlternativeNames().stream()
            .filter(name -> DNS.equals(name.getFirst()))
            .forEach(name -> own.add(name.getLast().toString()));
      }
      return isValid(server, now)
          && own.containsAll(names)
          && trusted.stream().anyMatch(authority -> isIssuer(authority, server));
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static boolean isIssuer(X509Certificate authority, X509Certificate server) {
    try {
      server.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant()) && now.isBefore(end(certificate));
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "WebhookCertificates[%s, look again at %s]".formatted(serving, lookAgain);
  }
}
