/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.Outcome;
import io.caravan.otlp.TestPki;
import io.caravan.otlp.TestPki.Identity;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.client.TlsSettings.Verification;
import io.caravan.otlp.tls.TrustBundle;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The certificates of SSL_CERT_FILE")
@Isolated("whom the whole process trusts changes")
class TrustBundleTest {
  @TempDir private Path folder;
  private Path file;
  private TestPki pki;
  private Server server;
  private TrustBundle bundle;

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("ca-certificates.crt");
    pki = new TestPki();
    Identity identity = pki.identity("EC");
    server =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.create(
                    new ByteArrayInputStream(identity.certificate().getBytes(UTF_8)),
                    new ByteArrayInputStream(identity.pkcs8().getBytes(UTF_8))))
            .addService(new Accepting())
            .build()
            .start();
    bundle = TrustBundle.install(Map.of("SSL_CERT_FILE", file.toString())).orElseThrow();
  }

  @AfterEach
  void stop() throws Exception {
    bundle.close();
    System.clearProperty("caravan.tls.provider");
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  /** As a mounted object is: another file in its place. */
  private void bundle(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    var _ = Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private Exporter exporter(TlsSettings tls) {
    Endpoint endpoint = Endpoint.grpc("127.0.0.1:" + server.getPort(), Transport.TLS);
    return GrpcExporter.create(ExporterSettings.of(endpoint).with(tls));
  }

  private static String misconfigured(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Misconfigured.class);
    return ((Outcome.Misconfigured) outcome).status().message();
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void shouldBeTrustedAsTheyAreWhenAConnectionIsMade(String provider) throws Exception {
    System.setProperty("caravan.tls.provider", provider);
    bundle("# of the company\n" + new TestPki().certificate());
    try (Exporter exporter = exporter(TlsSettings.DEFAULT)) {
      assertThat(misconfigured(Exports.spans(exporter, 1))).contains("PKIX path");

      bundle(new TestPki().certificate() + "# the new one\n" + pki.certificate());
      assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    }
    bundle("broken");
    try (Exporter another = exporter(TlsSettings.DEFAULT)) {
      assertThat(Exports.spans(another, 1))
          .as("with the certificates of before")
          .isEqualTo(Outcome.Delivered.ALL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void shouldBeNamedWhereTheyCannotBeReadAndTakenOnceTheyCan(String provider) throws Exception {
    System.setProperty("caravan.tls.provider", provider);
    try (Exporter exporter = exporter(TlsSettings.DEFAULT)) {
      assertThat(misconfigured(Exports.spans(exporter, 1)))
          .contains(file.toString(), "SSL_CERT_FILE", "NoSuchFile");

      bundle("-----BEGIN NOTHING-----");
      assertThat(misconfigured(Exports.spans(exporter, 1)))
          .contains(file.toString(), "there is no PEM certificate");

      bundle(pki.certificate());
      assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    }
  }

  @Test
  void shouldNotCountWhereABackendHasACertificateAuthorityOfItsOwn() throws Exception {
    bundle(pki.certificate());
    TlsSettings other =
        new TlsSettings(
            Optional.of(new TestPki().certificate()),
            Optional.empty(),
            Optional.empty(),
            Verification.FULL);
    try (Exporter exporter = exporter(other)) {
      assertThat(misconfigured(Exports.spans(exporter, 1))).contains("PKIX path");
    }
    bundle(new TestPki().certificate());
    TlsSettings own =
        new TlsSettings(
            Optional.of(pki.certificate()), Optional.empty(), Optional.empty(), Verification.FULL);
    try (Exporter exporter = exporter(own)) {
      assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    }
  }

  @Test
  void shouldBeThoseOfOtherClientsOfTheProcessToo() throws Exception {
    bundle("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pki.certificate());
    SSLContext uninitialized = SSLContext.getInstance("TLS");
    uninitialized.init(null, null, null); // as Apache's HTTP client does, on which Camel's stands

    assertThatCode(() -> handshake(uninitialized)).doesNotThrowAnyException();
    assertThatCode(() -> handshake(SSLContext.getDefault())).doesNotThrowAnyException();

    bundle.close();
    SSLContext after = SSLContext.getInstance("TLS");
    after.init(null, null, null);
    assertThatThrownBy(() -> handshake(after)).isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> handshake(SSLContext.getDefault())).isInstanceOf(SSLException.class);
  }

  private void handshake(SSLContext context) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getPort())) {
      socket.startHandshake();
    }
  }

  @Test
  void shouldBeTheRuntimesOwnWhereTheVariableIsNotSet() {
    assertThat(TrustBundle.install(Map.of())).isEmpty();
    assertThat(TrustBundle.install(Map.of("SSL_CERT_FILE", " "))).isEmpty();
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
