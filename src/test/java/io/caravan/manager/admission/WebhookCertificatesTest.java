/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.TestPki;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When certificates are made, kept and replaced. */
final class WebhookCertificatesTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldIssueACertificateThatTheAuthorityVouchesForUnderTheNamesOfTheService()
      throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);

    assertThat(first.secret().orElseThrow())
        .satisfies(
            secret -> {
              assertThat(secret.getMetadata().getName()).isEqualTo("telemetry-webhook-cert");
              assertThat(secret.getMetadata().getNamespace()).isEqualTo("kyma-system");
              assertThat(secret.getType()).isEqualTo("kubernetes.io/tls");
              assertThat(secret.getData())
                  .containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
              assertThat(secret.getData()).containsEntry("ca.crt", first.caBundle());
            });
    X509Certificate server = first.serving().own();
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> name.get(1))
        .isEqualTo(
            List.of(
                "telemetry-manager-webhook.kyma-system.svc",
                "telemetry-manager-webhook.kyma-system.svc.cluster.local",
                "telemetry-manager-webhook.kyma-system"));
    assertThat(server.getNotAfter().toInstant()).isEqualTo(START.plus(Duration.ofDays(7)));
    assertThat(authorities(first))
        .extracting(X509Certificate::getNotAfter)
        .containsExactly(Date.from(START.plus(Duration.ofDays(365))));
    assertThat(isTrusted(first, first, START)).isTrue();
    assertThat(first.lookAgain()).isEqualTo(START.plus(Duration.ofDays(6)));
  }

  @Test
  void shouldLeaveTheSecretAsItIsWhileItIsGood() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);

    WebhookCertificates later = next(first.secret(), first.lookAgain().minus(MINUTE));

    assertThat(later.secret()).isEqualTo(first.secret());
    assertThat(later.serving().own()).isEqualTo(first.serving().own());
    assertThat(later.caBundle()).isEqualTo(first.caBundle());
    assertThat(later.lookAgain()).isEqualTo(first.lookAgain());
  }

  @Test
  void shouldReplaceTheCertificateOfTheServerADayBeforeItsEnd() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);

    WebhookCertificates later = next(first.secret(), first.lookAgain());

    assertThat(later.serving().own()).isNotEqualTo(first.serving().own());
    assertThat(later.caBundle()).isEqualTo(first.caBundle());
    assertThat(isTrusted(later, first, first.lookAgain())).isTrue();
  }

  /**
   * A year and a half of looking when it says: nobody ever meets a server that he does not trust.
   */
  @Test
  void shouldNeverShowWhatTheBundleBeforeOrAfterDoesNotTrust() throws Exception {
    Instant now = START;
    WebhookCertificates before = next(Optional.empty(), now);
    int authorities = 1;
    int most = 0;
    while (now.isBefore(START.plus(Duration.ofDays(550)))) {
      now = before.lookAgain();
      WebhookCertificates next = next(before.secret(), now);
      assertThat(isTrusted(before, next, now)).as("%s: API server is behind", now).isTrue();
      assertThat(isTrusted(next, before, now)).as("%s: server is behind", now).isTrue();
      assertThat(next.lookAgain()).isAfter(now);
      if (!authorities(next).getFirst().equals(authorities(before).getFirst())) {
        authorities++;
        assertThat(now).isEqualTo(START.plus(Duration.ofDays(335)));
      }
      most = Math.max(most, authorities(next).size());
      before = next;
    }
    assertThat(authorities).isEqualTo(2);
    assertThat(most).isEqualTo(2);
    assertThat(authorities(before)).as("the older one is forgotten").hasSize(1);
  }

  @Test
  void shouldLetANewAuthorityBecomeKnownBeforeItIssues() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    // Nobody looked for long: of both less is left than there should be.
    Instant late = START.plus(Duration.ofDays(335));
    WebhookCertificates served = next(first.secret(), late.minus(Duration.ofDays(6)));

    WebhookCertificates known = next(served.secret(), late);
    WebhookCertificates settled = next(known.secret(), known.lookAgain());

    assertThat(authorities(known)).hasSize(2);
    assertThat(known.serving().own()).isEqualTo(served.serving().own());
    assertThat(known.lookAgain()).isEqualTo(late.plus(Duration.ofMinutes(10)));
    assertThat(settled.serving().own()).isNotEqualTo(served.serving().own());
    assertThat(settled.serving().own().getIssuerX500Principal())
        .isEqualTo(authorities(settled).getFirst().getSubjectX500Principal());
  }

  @Test
  void shouldBeginAnewWhenEverythingHasExpired() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    Instant late = START.plus(Duration.ofDays(400));

    WebhookCertificates anew = next(first.secret(), late);

    assertThat(authorities(anew)).hasSize(1);
    assertThat(isTrusted(anew, anew, late)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ca.crt, broken, true",
    "ca.crt, '', true",
    "ca.key, broken, true",
    "tls.crt, broken, false",
    "tls.key, broken, false"
  })
  void shouldReplaceWhatIsBroken(String key, String content, boolean withAuthority)
      throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    Secret broken = with(first, Map.of(key, content));

    WebhookCertificates mended = next(Optional.of(broken), START.plus(MINUTE));

    assertThat(isTrusted(mended, mended, START.plus(MINUTE))).isTrue();
    assertThat(!authorities(mended).getFirst().equals(authorities(first).getFirst()))
        .isEqualTo(withAuthority);
    assertThat(next(mended.secret(), START.plus(MINUTE)).secret()).isEqualTo(mended.secret());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.key", "tls.key"})
  void shouldReplaceAKeyThatIsNotThatOfItsCertificate(String key) throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    String other = new TestPki().identity("EC").pkcs8();

    WebhookCertificates mended =
        next(Optional.of(with(first, Map.of(key, other))), START.plus(MINUTE));

    assertThat(text(mended, key)).isNotEqualTo(other);
    assertThat(isTrusted(mended, mended, START.plus(MINUTE))).isTrue();
  }

  @Test
  void shouldReplaceACertificateOfAnotherAuthorityOrNamespace() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    TestPki.Identity foreign = new TestPki().identity("EC");
    Secret withForeign =
        with(first, Map.of("tls.crt", foreign.certificate(), "tls.key", foreign.pkcs8()));

    assertThat(text(next(Optional.of(withForeign), START), "tls.crt"))
        .isNotEqualTo(foreign.certificate());
    assertThat(
            WebhookCertificates.next(first.secret(), "elsewhere", START)
                .serving()
                .own()
                .getSubjectX500Principal())
        .hasToString("CN=telemetry-manager-webhook.elsewhere.svc");
  }

  /** The predecessor's Secret has another type and only an authority, of which its pods show. */
  @Test
  void shouldTakeOverTheSecretOfThePredecessorWithItsType() throws Exception {
    TestPki theirs = new TestPki();
    Secret existing =
        new SecretBuilder()
            .withNewMetadata()
            .withName("telemetry-webhook-cert")
            .endMetadata()
            .withType("Opaque")
            .addToData("ca.crt", base64(theirs.certificate()))
            .addToData("ca.key", base64("-----BEGIN RSA PRIVATE KEY-----\nAA==\n"))
            .build();
    Instant now = Instant.now();

    WebhookCertificates first = next(Optional.of(existing), now);
    WebhookCertificates later = next(first.secret(), now.plus(Duration.ofDays(8)));

    assertThat(first.secret().orElseThrow().getType()).isEqualTo("Opaque");
    assertThat(authorities(first)).hasSize(2);
    assertThat(CertificateAuthority.pem(authorities(first).subList(1, 2)).replace("\n", ""))
        .isEqualTo(theirs.certificate().replaceAll("\\s*\\R", "").strip());
    assertThat(authorities(later)).hasSize(1);
  }

  @Test
  void shouldOnlyReadWhatCertManagerIssues() throws Exception {
    WebhookCertificates theirs = next(Optional.empty(), START);
    Secret issued =
        new SecretBuilder(theirs.secret().orElseThrow())
            .editMetadata()
            .addToAnnotations("cert-manager.io/certificate-name", "webhook")
            .endMetadata()
            .removeFromData("ca.key")
            .build();

    WebhookCertificates read =
        WebhookCertificates.next(Optional.of(issued), "elsewhere", START.plus(Duration.ofDays(9)));

    assertThat(read.secret()).isEmpty();
    assertThat(read.caBundle()).isEqualTo(theirs.caBundle());
    assertThat(read.serving().own()).isEqualTo(theirs.serving().own());
  }

  @Test
  void shouldSayThatCertManagerHasNotIssuedYet() {
    Secret empty =
        new SecretBuilder()
            .withNewMetadata()
            .addToAnnotations("cert-manager.io/issuer-name", "ours")
            .endMetadata()
            .build();

    assertThatThrownBy(() -> next(Optional.of(empty), START))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage(
            "the Secret telemetry-webhook-cert is issued by cert-manager and has no ca.crt; look at its Certificate");
  }

  @Test
  void shouldNotPrintKeys() throws Exception {
    WebhookCertificates first = next(Optional.empty(), START);
    String key = first.secret().orElseThrow().getData().get("tls.key");

    assertThat(first.toString()).doesNotContain(key);
    assertThat(CertificateAuthority.create(START, MINUTE).toString())
        .isEqualTo("CertificateAuthority[until 2026-01-01T00:01:00Z]");
  }

  private static WebhookCertificates next(Optional<Secret> existing, Instant now)
      throws GeneralSecurityException {
    return WebhookCertificates.next(existing, "kyma-system", now);
  }

  private static List<X509Certificate> authorities(WebhookCertificates certificates)
      throws GeneralSecurityException {
    return ServingCertificate.certificates(decoded(certificates.caBundle()));
  }

  /** Whether who knows the bundle of one trusts the server of the other. */
  private static boolean isTrusted(
      WebhookCertificates known, WebhookCertificates shown, Instant now) throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(
            authorities(known).stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet()));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    try {
      return CertPathValidator.getInstance("PKIX")
              .validate(
                  CertificateFactory.getInstance("X.509").generateCertPath(shown.serving().chain()),
                  parameters)
          != null;
    } catch (java.security.cert.CertPathValidatorException e) {
      return false;
    }
  }

  private static Secret with(WebhookCertificates certificates, Map<String, String> texts) {
    SecretBuilder builder = new SecretBuilder(certificates.secret().orElseThrow());
    texts.forEach((key, text) -> builder.addToData(key, base64(text)));
    return builder.build();
  }

  private static String text(WebhookCertificates certificates, String key) {
    return new WebhookSecret(certificates.secret()).text(key);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
