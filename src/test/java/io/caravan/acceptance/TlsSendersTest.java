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
import io.grpc.Status;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that have to show a certificate, on both ports. */
class TlsSendersTest {
  private static final String SPAN =
      """
      {"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"%s","traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}]}]}]}
      """;

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  private static TlsFiles tls;
  private static RawReceiver backend;

  @BeforeAll
  static void start() throws Exception {
    backend = new RawReceiver();
    tls = new TlsFiles(CARAVAN.folder("tls"));
    CARAVAN.write(
        "traces.yaml",
        Manifests.pipeline(
            "TracePipeline", "traces", Manifests.otlp("grpc", "none", backend.endpoint())));
    CARAVAN.start(
        "--otlp-tls-cert", tls.receiverCertificate().toString(),
        "--otlp-tls-key", tls.receiverKey().toString(),
        "--otlp-tls-client-ca", tls.authority().toString());
  }

  @AfterAll
  static void stop() {
    backend.close();
  }

  private static String grpc() {
    return "https://127.0.0.1:" + CARAVAN.grpcPort();
  }

  private static URI http() {
    return URI.create("https://127.0.0.1:" + CARAVAN.httpPort() + "/v1/traces");
  }

  private static Curl.Attempt curl(String name, List<String> options) {
    List<String> all = new ArrayList<>(List.of("--cacert", tls.authority().toString()));
    all.addAll(options);
    return Curl.post(http(), SPAN.formatted(name), all.toArray(String[]::new));
  }

  private static List<String> certificate() {
    return List.of("--cert", tls.senderCertificate() + "", "--key", tls.senderKey() + "");
  }

  @Test
  void shouldDeliverWhatTheJavaSdkSendsOverGrpcWithItsCertificate() {
    SpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(grpc())
            .setTrustedCertificates(tls.authorityPem())
            .setClientTls(tls.senderKeyPem(), tls.senderCertificatePem())
            .build();

    JavaSdk.emitSpans("mtls-grpc", 150, exporter);

    Awaitility.await()
        .untilAsserted(() -> assertThat(Backends.spansOf("mtls-grpc", backend)).hasSize(150));
  }

  @Test
  void shouldDeliverWhatTheJavaSdkSendsOverHttpWithItsCertificate() {
    SpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(http().toString())
            .setTrustedCertificates(tls.authorityPem())
            .setClientTls(tls.senderKeyPem(), tls.senderCertificatePem())
            .build();

    JavaSdk.emitSpans("mtls-http", 150, exporter);

    Awaitility.await()
        .untilAsserted(() -> assertThat(Backends.spansOf("mtls-http", backend)).hasSize(150));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void shouldDeliverWhatCurlSendsWithItsCertificate(String version) {
    List<String> options = new ArrayList<>(certificate());
    options.add(version);

    Curl.Attempt attempt = curl("curl" + version, options);

    assertThat(attempt.text())
        .startsWith(version.equals("--http2") ? "HTTP/2 200" : "HTTP/1.1 200 ");
    Awaitility.await()
        .untilAsserted(() -> assertThat(Backends.spanNames(backend)).contains("curl" + version));
  }

  @Test
  void shouldTakeNothingOverHttpFromASenderWithoutACertificate() {
    Curl.Attempt attempt = curl("anonymous", List.of());

    assertThat(attempt.exitCode()).as(attempt.text()).isNotZero();
    assertThat(Backends.spanNames(backend)).doesNotContain("anonymous");
  }

  @Test
  void shouldTakeNothingOverGrpcFromASenderWithoutACertificate() {
    try (RawSender sender = RawSender.tls(CARAVAN.grpcPort(), tls.trusting())) {
      Status status =
          sender.send(OtlpMethod.TRACES, NumberedRequests.request(OtlpMethod.TRACES, 4711)).join();

      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    assertThat(Backends.spanNames(backend)).doesNotContain("4711");
  }

  @Test
  void shouldTellASenderInTheClearNothing() {
    Curl.Attempt attempt = Curl.post(CARAVAN.http("/v1/traces"), SPAN.formatted("clear"));

    assertThat(attempt.exitCode()).as(attempt.text()).isNotZero();
    assertThat(Backends.spanNames(backend)).doesNotContain("clear");
  }
}
