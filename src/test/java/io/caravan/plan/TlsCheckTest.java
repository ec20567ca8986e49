/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.api.Tls;
import io.caravan.api.ValueType;
import io.caravan.plan.Certificates.Use;
import java.security.KeyPair;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TlsCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant IN_A_YEAR = NOW.plus(365, ChronoUnit.DAYS);
  private static final Instant IN_TEN_DAYS = NOW.plus(10, ChronoUnit.DAYS);
  private static final Instant YESTERDAY = NOW.minus(1, ChronoUnit.DAYS);

  private static KeyPair rsa;
  private static KeyPair otherRsa;
  private static KeyPair ec;
  private static String cert;
  private static String key;
  private static String ca;

  @BeforeAll
  static void makeCertificates() throws Exception {
    rsa = Certificates.rsaKey();
    otherRsa = Certificates.rsaKey();
    ec = Certificates.ecKey();
    cert = Certificates.certificate(rsa, Use.CLIENT, IN_A_YEAR);
    key = Certificates.pkcs8(rsa.getPrivate());
    ca = Certificates.root(ec, IN_A_YEAR);
  }

  @Test
  void shouldTakeACertificateItsKeyAndAnAuthority() throws Exception {
    TlsMaterial material = check(cert, key, ca);

    assertThat(material.cert()).contains(new PlanValue.Referenced(cert));
    assertThat(material.key()).contains(new PlanValue.Referenced(key));
    assertThat(material.ca()).contains(new PlanValue.Referenced(ca));
    assertThat(material.aboutToExpire()).isEmpty();
    assertThat(material.notices()).isEmpty();
  }

  @Test
  void shouldTakeMaterialWrittenWithTheTwoCharactersThatStandForALineBreak() throws Exception {
    TlsMaterial material =
        check(cert.replace("\n", "\\n"), key.replace("\n", "\\n"), ca.replace("\n", "\\n"));

    assertThat(material.cert()).contains(new PlanValue.Referenced(cert));
    assertThat(material.ca()).contains(new PlanValue.Referenced(ca));
  }

  @Test
  void shouldTurnTheOlderFormOfAnRsaKeyIntoTheOneThatJavaReads() throws Exception {
    String older = Certificates.olderForm(rsa.getPrivate());
    assertThat(older).startsWith("-----BEGIN RSA PRIVATE KEY-----");

    assertThat(check(cert, older, null).key()).contains(new PlanValue.Referenced(key));
  }

  @Test
  void shouldTurnTheOlderFormOfAnEllipticCurveKeyIntoTheOneThatJavaReads() throws Exception {
    String older =
        "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n"
            + Certificates.olderForm(ec.getPrivate());
    assertThat(older).contains("-----BEGIN EC PRIVATE KEY-----");
    String ecCert = Certificates.certificate(ec, Use.CLIENT, IN_A_YEAR);

    assertThat(check(ecCert, older, null).key().orElseThrow().text())
        .startsWith("-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  void shouldTakeAnEd25519Key() throws Exception {
    KeyPair ed25519 = Certificates.ed25519Key();

    TlsMaterial material =
        check(
            Certificates.certificate(ed25519, Use.CLIENT, IN_A_YEAR),
            Certificates.pkcs8(ed25519.getPrivate()),
            null);

    assertThat(material.key()).isPresent();
  }

  @Test
  void shouldNotLookAtMaterialThatIsNotUsed() throws Exception {
    Tls insecure =
        new Tls(
            true,
            false,
            Optional.of(new ValueType.SecretKeyRef("gone", "default", "ca")),
            Optional.empty(),
            Optional.empty());

    assertThat(new TlsCheck(new SecretLookup(List.of()), NOW).check(insecure))
        .isEqualTo(TlsMaterial.NONE);
  }

  @Test
  void shouldSayWhatIsNotPem() {
    assertInvalid("nonsense", key, null, "failed to decode PEM block containing certificate");
    assertInvalid(cert, "nonsense", null, "failed to decode PEM block containing private key");
    assertInvalid(null, null, "nonsense", "failed to decode PEM block containing CA certificate");
    assertInvalid(key, cert, null, "failed to decode PEM block containing certificate");
  }

  @Test
  void shouldSayWhatIsPemButNotACertificate() {
    String garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    assertInvalid(garbage, key, null, "failed to parse certificate");
    assertInvalid(cert + garbage, key, null, "failed to parse certificate");
    assertInvalid(null, null, garbage, "failed to parse CA certificate");
    assertInvalid(null, null, ca + garbage, "failed to parse CA certificate");
  }

  @Test
  void shouldDemandThatCertificateAndKeyBelongTogether() throws Exception {
    assertInvalid(
        cert,
        null,
        null,
        "a certificate and private key must either both be provided or both be missing");
    assertInvalid(
        null,
        key,
        null,
        "a certificate and private key must either both be provided or both be missing");
    String doNotMatch = "certificate and private key do not match";
    assertInvalid(cert, Certificates.pkcs8(otherRsa.getPrivate()), null, doNotMatch);
    assertInvalid(cert, Certificates.olderForm(otherRsa.getPrivate()), null, doNotMatch);
    assertInvalid(cert, Certificates.pkcs8(ec.getPrivate()), null, doNotMatch);
    assertInvalid(cert, Certificates.olderForm(ec.getPrivate()), null, doNotMatch);
  }

  @Test
  void shouldSayThatAnEncryptedKeyIsNotWhatIsNeeded() {
    String problem = "the private key is encrypted; provide it without a passphrase";

    assertInvalid(
        cert,
        key.replace("BEGIN ", "BEGIN ENCRYPTED ").replace("END ", "END ENCRYPTED "),
        null,
        problem);
    assertInvalid(
        cert, key.replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM"), null, problem);
  }

  @Test
  void shouldSayThatAValueIsEmpty() {
    assertInvalid(null, null, "", "failed to resolve value");
  }

  @Test
  void shouldDemandAnAuthorityOfABundle() {
    assertInvalid(null, null, cert, "not a CA certificate");
  }

  @Test
  void shouldRejectWhatHasExpired() throws Exception {
    String expired = Certificates.certificate(rsa, Use.CLIENT, YESTERDAY);
    String expiredCa = Certificates.root(ec, YESTERDAY);

    assertExpired(expired, key, null, "TLS certificate expired on 2026-11-20");
    assertExpired(null, null, expiredCa, "TLS CA certificate expired on 2026-11-20");
  }

  @Test
  void shouldLookAtEveryCertificateOfAChain() throws Exception {
    String intermediate = Certificates.certificate(ec, Use.AUTHORITY, YESTERDAY);

    assertExpired(cert + intermediate, key, null, "TLS certificate expired on 2026-11-20");
  }

  @Test
  void shouldPassOverAnExpiredRootAtTheEndOfAChain() throws Exception {
    assertThat(check(cert + Certificates.root(ec, YESTERDAY), key, null).cert()).isPresent();
  }

  @Test
  void shouldTrustABundleInWhichTheOldAuthorityHasExpiredAndSaySo() throws Exception {
    TlsMaterial material = check(null, null, Certificates.root(ec, YESTERDAY) + ca);

    assertThat(material.ca()).isPresent();
    assertThat(material.notices())
        .containsExactly(
            "A certificate of spec.output.otlp.tls.ca expired on 2026-11-20; the others of the bundle are trusted.");
  }

  @Test
  void shouldWarnOfTheFirstCertificateToExpire() throws Exception {
    String soon = Certificates.certificate(rsa, Use.CLIENT, IN_TEN_DAYS);
    String soonCa = Certificates.root(ec, IN_TEN_DAYS);

    assertThat(check(soon, key, ca).aboutToExpire())
        .contains(
            "TLS certificate is about to expire, configured certificate is valid until 2026-12-01");
    assertThat(check(cert, key, ca + soonCa).aboutToExpire())
        .contains(
            "TLS CA certificate is about to expire, configured certificate is valid until 2026-12-01");
    assertThat(check(soon, key, soonCa).aboutToExpire())
        .hasValueSatisfying(message -> assertThat(message).startsWith("TLS certificate"));
  }

  @Test
  void shouldWarnFromFourteenDaysOn() throws Exception {
    Instant fourteenDays = NOW.plus(14, ChronoUnit.DAYS);
    String atTheLimit = Certificates.certificate(rsa, Use.CLIENT, fourteenDays);
    String beyond = Certificates.certificate(rsa, Use.CLIENT, fourteenDays.plusSeconds(1));

    assertThat(check(atTheLimit, key, null).aboutToExpire()).isPresent();
    assertThat(check(beyond, key, null).aboutToExpire()).isEmpty();
  }

  @Test
  void shouldNotHideAnExpiredAuthorityBehindACertificateThatIsAboutToExpire() throws Exception {
    String soon = Certificates.certificate(rsa, Use.CLIENT, IN_TEN_DAYS);

    assertExpired(
        soon, key, Certificates.root(ec, YESTERDAY), "TLS CA certificate expired on 2026-11-20");
  }

  private static void assertInvalid(
      @Nullable String cert, @Nullable String key, @Nullable String ca, String problem) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> check(cert, key, ca))
        .withMessage("TLS configuration invalid: " + problem)
        .extracting(RejectedException::reason)
        .hasToString("TLSConfigurationInvalid");
  }

  private static void assertExpired(
      @Nullable String cert, @Nullable String key, @Nullable String ca, String message) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> check(cert, key, ca))
        .withMessage(message)
        .extracting(RejectedException::reason)
        .hasToString("TLSCertificateExpired");
  }

  private static TlsMaterial check(@Nullable String cert, @Nullable String key, @Nullable String ca)
      throws RejectedException {
    Map<String, SecretValue> data = new HashMap<>();
    Tls tls =
        new Tls(
            false,
            false,
            store(data, "ca", ca),
            store(data, "cert", cert),
            store(data, "key", key));
    SecretLookup secrets = new SecretLookup(List.of(new Secret("tls", "default", data)));
    return new TlsCheck(secrets, NOW).check(tls);
  }

  private static Optional<ValueType> store(
      Map<String, SecretValue> data, String name, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    data.put(name, SecretValue.of(text));
    return Optional.of(new ValueType.SecretKeyRef("tls", "default", name));
  }
}
