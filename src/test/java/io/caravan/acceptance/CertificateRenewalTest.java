/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.caravan.acceptance.fixture.TlsFiles;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The receiver's certificate is renewed while senders send. */
class CertificateRenewalTest {
  private static final int RENEWALS = 5;

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldFailNoRequestWhileTheCertificateIsRenewedFiveTimes() throws Exception {
    TlsFiles tls = new TlsFiles(CARAVAN.folder("tls"));
    try (RawReceiver backend = new RawReceiver()) {
      CARAVAN.write(
          "traces.yaml",
          Manifests.pipeline(
              "TracePipeline", "traces", Manifests.otlp("grpc", "none", backend.endpoint())));
      CARAVAN.start(
          "--otlp-tls-cert", tls.receiverCertificate().toString(),
          "--otlp-tls-key", tls.receiverKey().toString());
      URI http = URI.create("https://127.0.0.1:" + CARAVAN.httpPort() + "/v1/traces");
      String[] curl = {"--cacert", tls.authority().toString(), "-w", "%{certs}"};

      Set<String> shown = new HashSet<>();
      try (Traffic standing = traffic(tls, Integer.MAX_VALUE);
          Traffic connecting = traffic(tls, 1)) {
        for (int renewal = 1; renewal <= RENEWALS; renewal++) {
          shown.add(certificate(Curl.post(http, "{}", curl)));
          int before = connecting.acknowledged().size();
          tls.renew();
          CARAVAN.process().await(Pattern.compile("event=files_reloaded what=\"TLS\""), renewal);
          Awaitility.await("handshakes after renewal " + renewal)
              .until(() -> connecting.acknowledged().size() > before + 2);
        }
        shown.add(certificate(Curl.post(http, "{}", curl)));
        standing.finish();
        connecting.finish();

        assertThat(standing.failures()).isEmpty();
        assertThat(connecting.failures()).isEmpty();
        List<Long> acknowledged = new ArrayList<>(standing.acknowledged());
        acknowledged.addAll(connecting.acknowledged());
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(NumberedRequests.received(OtlpMethod.TRACES, backend))
                        .containsExactlyInAnyOrderElementsOf(acknowledged));
      }
      assertThat(shown).as("certificates that curl was shown").hasSize(RENEWALS + 1);
    }
  }

  private static Traffic traffic(TlsFiles tls, int requestsOfAConnection) {
    return new Traffic(
        OtlpMethod.TRACES,
        () -> RawSender.tls(CARAVAN.grpcPort(), tls.trusting()),
        requestsOfAConnection,
        2);
  }

  private static String certificate(Curl.Attempt attempt) {
    assertThat(attempt.exitCode()).as(attempt.text()).isZero();
    assertThat(attempt.text()).startsWith("HTTP/2 200");
    return attempt.text().substring(attempt.text().indexOf("-----BEGIN CERTIFICATE-----"));
  }
}
