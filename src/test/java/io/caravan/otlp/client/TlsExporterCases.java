/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.TestPki;
import io.caravan.otlp.TestPki.Identity;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.client.TlsSettings.Verification;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.OpenSsl;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and mTLS to a server of grpc-java. */
@ExtendWith(NoLeaks.class)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
abstract class TlsExporterCases {
  private final String provider;
  private TestPki pki;
  private Server server;

  TlsExporterCases(String provider) {
    this.provider = provider;
  }

  @BeforeEach
  void start() throws Exception {
    assertThat(OpenSsl.isAvailable()).as("BoringSSL on a machine that runs tests").isTrue();
    System.setProperty("caravan.tls.provider", provider);
    pki = new TestPki();
    server = listen(pki.identity("EC"), ClientAuth.NONE);
  }

  @AfterEach
  void stop() throws Exception {
    System.clearProperty("caravan.tls.provider");
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private Server listen(Identity identity, ClientAuth auth) throws Exception {
    return Grpc.newServerBuilderForPort(
            0,
            TlsServerCredentials.newBuilder()
                .keyManager(stream(identity.certificate()), stream(identity.pkcs8()))
                .trustManager(stream(pki.certificate()))
                .clientAuth(auth)
                .build())
        .addService(new Accepting())
        .build()
        .start();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(UTF_8));
  }

  private Outcome export(TlsSettings tls) throws Exception {
    Endpoint endpoint = Endpoint.grpc("127.0.0.1:" + server.getPort(), Transport.TLS);
    try (Exporter exporter = GrpcExporter.create(ExporterSettings.of(endpoint).with(tls))) {
      return Exports.spans(exporter, 100);
    }
  }

  private static TlsSettings trusting(String ca) {
    return new TlsSettings(Optional.of(ca), Optional.empty(), Optional.empty(), Verification.FULL);
  }

  private TlsSettings identifying(String cert, String key) {
    return new TlsSettings(
        Optional.of(pki.certificate()), Optional.of(cert), Optional.of(key), Verification.FULL);
  }

  @Test
  void shouldDeliverToABackendThatItsCaHasSigned() throws Exception {
    assertThat(export(trusting(pki.certificate()))).isEqualTo(Outcome.Delivered.ALL);
  }

  @Test
  void shouldNotDeliverToABackendThatAnotherCaHasSigned() throws Exception {
    assertThat(misconfigured(export(trusting(new TestPki().certificate())))).contains("PKIX path");
    assertThat(misconfigured(export(TlsSettings.DEFAULT)))
        .contains("unable to find valid certification path");
  }

  @Test
  void shouldNotDeliverToABackendOfAnotherName() throws Exception {
    stop();
    server = listen(pki.identity("EC", GeneralName.dNSName, "other.example.com"), ClientAuth.NONE);

    assertThat(misconfigured(export(trusting(pki.certificate()))))
        .contains("No subject alternative names matching IP address 127.0.0.1");
  }

  private static String misconfigured(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Misconfigured.class);
    return ((Outcome.Misconfigured) outcome).status().message();
  }

  @Test
  void shouldNotDeliverToABackendWhoseCertificateHasExpired() throws Exception {
    stop();
    server = listen(pki.expired(), ClientAuth.NONE);

    assertThat(misconfigured(export(trusting(pki.certificate())))).contains("NotAfter");
  }

  @Test
  void shouldDeliverToAnyBackendWhereVerificationIsSkipped() throws Exception {
    assertThat(
            export(
                new TlsSettings(
                    Optional.empty(), Optional.empty(), Optional.empty(), Verification.SKIPPED)))
        .isEqualTo(Outcome.Delivered.ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void shouldIdentifyItselfWithKeysOfAllForms(String algorithm) throws Exception {
    stop();
    server = listen(pki.identity("RSA"), ClientAuth.REQUIRE);
    Identity client = pki.identity(algorithm);

    assertThat(export(identifying(client.certificate(), client.pkcs8())))
        .isEqualTo(Outcome.Delivered.ALL);
    assertThat(client.traditional()).contains("BEGIN " + algorithm + " PRIVATE KEY");
    assertThat(export(identifying(client.certificate(), client.traditional())))
        .isEqualTo(Outcome.Delivered.ALL);
  }

  @Test
  void shouldSayThatTheBackendWantsACertificate() throws Exception {
    stop();
    server = listen(pki.identity("EC"), ClientAuth.REQUIRE);

    assertThat(misconfigured(export(trusting(pki.certificate()))))
        .containsIgnoringCase("certificate");
  }

  @Test
  void shouldNameThePartThatCannotBeReadAndNothingOfIt() throws Exception {
    assertThatThrownBy(() -> export(trusting("no certificate")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'ca'");
    Identity client = pki.identity("EC");
    assertThatThrownBy(
            () ->
                export(
                    identifying(
                        client.certificate(),
                        "-----BEGIN PRIVATE KEY-----\nbWFya2Vy\n-----END PRIVATE KEY-----")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'key'")
        .hasMessageNotContaining("bWFya2Vy");
  }

  private static final class Accepting extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
