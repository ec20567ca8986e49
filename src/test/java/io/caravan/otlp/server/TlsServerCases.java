/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.TestPki;
import io.caravan.otlp.TestPki.Identity;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and mTLS on both ports, as grpc-java, the JDK's clients and bare sockets see them. */
@Tag("slow")
@ExtendWith(NoLeaks.class)
@ResourceLock(ServerLog.LOCK)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
abstract class TlsServerCases {
  private final String provider;
  @TempDir private Path folder;

  private final Receiving receiving = new Receiving();
  private final ServerLog log = new ServerLog();
  private TestPki pki;
  private CertificateFiles files;
  private OtlpServer server;

  TlsServerCases(String provider) {
    this.provider = provider;
  }

  @BeforeEach
  void start() throws Exception {
    System.setProperty("caravan.tls.provider", provider);
    pki = new TestPki();
    files = new CertificateFiles(folder);
    files.swap("1", pki.identity("EC"));
    server = TestServer.start(settings().withTls(files.files()), receiving);
  }

  private static ServerSettings settings() {
    return settings(Duration.ofSeconds(30));
  }

  private static ServerSettings settings(Duration requestTimeout) {
    return new ServerSettings("127.0.0.1", 0, 0, 1 << 20, requestTimeout, Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    System.clearProperty("caravan.tls.provider");
    server.close();
    log.close();
  }

  private void restartWith(ServerTlsFiles tls) throws Exception {
    server.close();
    server = TestServer.start(settings().withTls(tls), receiving);
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(UTF_8));
  }

  private SslContextBuilder grpcClient() {
    return grpcClient(SslProvider.JDK);
  }

  private SslContextBuilder grpcClient(SslProvider by) {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), by)
        .trustManager(stream(pki.certificate()));
  }

  private void sendGrpc(SslContextBuilder client) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
            .sslContext(client.build())
            .build();
    try {
      TraceServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .export(Telemetry.spans(512));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509").generateCertificate(stream(pki.certificate())));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<byte[]> sendHttp(HttpClient client) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.httpPort() + "/v1/traces"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(Telemetry.spans(512).toByteArray()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  @Test
  void shouldTakeGrpc() throws Exception {
    sendGrpc(grpcClient());

    assertThat(receiving.received()).singleElement().matches(one -> one.records() == 512);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void h21ShouldTakeBothVersionsOfHttpAsTheClientAsksFor(HttpClient.Version version)
      throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting()).version(version).build()) {
      HttpResponse<byte[]> response = sendHttp(client);

      assertThat(response.version()).isEqualTo(version);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(receiving.received()).hasSize(1);
    }
  }

  @Test
  void shouldTakeOnlyClientsWithACertificateOfTheClientCa() throws Exception {
    restartWith(files.filesWithClientCa(pki.certificate()));
    Identity known = pki.identity("RSA");
    Identity stranger = new TestPki().identity("RSA");

    sendGrpc(grpcClient().keyManager(stream(known.certificate()), stream(known.pkcs8())));

    assertThat(receiving.received()).hasSize(1);
    assertThatThrownBy(() -> sendGrpc(grpcClient())).isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(
            () ->
                sendGrpc(
                    grpcClient()
                        .keyManager(stream(stranger.certificate()), stream(stranger.pkcs8()))))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(receiving.received()).hasSize(1);
    await().until(() -> !log.lines("reason=HANDSHAKE").isEmpty());
  }

  private SSLSocket connect(int port) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private static X509Certificate shown(SSLSocket socket) throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  private static String request(SSLSocket socket) throws IOException {
    socket.getOutputStream().write("GET /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
    byte[] answer = new byte[4096];
    return new String(answer, 0, socket.getInputStream().read(answer), UTF_8);
  }

  @Test
  void shouldShowNewClientsTheRenewedCertificateAndKeepTheConnectionsThatStand() throws Exception {
    try (SSLSocket before = connect(server.httpPort())) {
      X509Certificate first = shown(before);

      files.swap("2", pki.identity("RSA"));

      await()
          .untilAsserted(
              () -> {
                try (SSLSocket after = connect(server.httpPort())) {
                  assertThat(shown(after)).isNotEqualTo(first);
                }
              });
      assertThat(request(before)).startsWith("HTTP/1.1 405");
      assertThat(shown(before)).isEqualTo(first);
      assertThat(log.lines("event=files_reloaded")).hasSize(1);
      assertThat(log.lines("event=files_not_reloaded")).isEmpty();
    }
  }

  @Test
  void shouldKeepTheOldPairWhileTheNewOneIsHalfWritten() throws Exception {
    Identity next = pki.identity("EC");
    X509Certificate first;
    try (SSLSocket before = connect(server.httpPort())) {
      first = shown(before);
    }

    Files.writeString(files.key(), next.pkcs8());
    await().until(() -> !log.lines("event=files_not_reloaded").isEmpty());

    assertThat(log.lines("event=files_not_reloaded"))
        .singleElement()
        .asString()
        .contains("the key is not that of the certificate", "tls.key")
        .doesNotContain("BEGIN");
    try (SSLSocket meanwhile = connect(server.httpPort())) {
      assertThat(shown(meanwhile)).isEqualTo(first);
    }

    Files.writeString(files.cert(), next.certificate());
    await().until(() -> !log.lines("event=files_reloaded").isEmpty());

    try (SSLSocket after = connect(server.httpPort())) {
      assertThat(shown(after)).isNotEqualTo(first);
    }
  }

  @Test
  void shouldKeepThePairWhileItsFilesAreGone() throws Exception {
    Files.delete(folder.resolve("..data"));
    await().until(() -> !log.lines("there is no such file").isEmpty());

    sendGrpc(grpcClient());

    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void shouldNotStartWithAKeyOfAnotherCertificate() throws Exception {
    Files.writeString(files.key(), pki.identity("EC").traditional());

    assertThatThrownBy(() -> TestServer.start(settings().withTls(files.files()), receiving))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tls.key")
        .hasMessageContaining("the key is not that of the certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void shouldSpeakTheVersionsThatAreSafe(String version) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            trusting()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();

      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void shouldNotSpeakOldVersions() throws Exception {
    // BoringSSL still can, where the JDK refuses.
    SslContextBuilder old = grpcClient(SslProvider.OPENSSL).protocols("TLSv1.1");

    assertThatThrownBy(() -> sendGrpc(old)).isInstanceOf(StatusRuntimeException.class);
    assertThat(receiving.received()).isEmpty();
  }

  @Test
  void shouldCloseOnASenderOfPlaintextAndSaySoOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write("POST /v1/traces HTTP/1.1\r\n\r\n".getBytes(UTF_8));
        assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
      }
    }

    assertThat(log.lines("reason=PLAINTEXT_TO_TLS"))
        .singleElement()
        .asString()
        .contains("let it use https://");
  }

  @Test
  void shouldCloseOnASenderThatBeginsNoHandshake() throws Exception {
    server.close();
    server = TestServer.start(settings(Duration.ofSeconds(1)).withTls(files.files()), receiving);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.grpcPort())) {
      socket.setSoTimeout(10_000);

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void shouldLetARefusedSenderReadItsAnswer() throws Exception {
    try (SSLSocket socket = connect(server.httpPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nContent-Type: application/json\r\n\r\n"
                  .getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 413 ");
    }
  }
}
