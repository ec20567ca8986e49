/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.otlp.TestPki;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTPS server of the webhooks, with real handshakes. */
final class WebhookServerTest {

  private static final String PATH =
      Webhooks.mutate(ResourceKind.TRACE_PIPELINE, ApiVersion.V1ALPHA1);

  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "7", "object": {"spec": {"output": {"otlp": {}}}}}}""";

  private final TestPki first;
  private final TestPki second;
  private final ServingCertificates certificates;
  private final WebhookServer server;

  WebhookServerTest() throws Exception {
    first = new TestPki();
    second = new TestPki();
    certificates = new ServingCertificates(certificate(first, "EC"));
    server =
        WebhookServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificates);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @BeforeEach
  void shouldListen() {
    assertThat(server.port()).isPositive();
  }

  @Test
  void shouldAnswerAReviewAtThePathOfThePredecessor() throws Exception {
    assertThat(PATH).isEqualTo("/mutate-telemetry-kyma-project-io-v1alpha1-tracepipeline");

    HttpResponse<String> response = post(first, PATH, REVIEW);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(response.body())
        .contains("\"uid\":\"7\"")
        .contains("\"allowed\":true")
        .contains("\"patchType\":\"JSONPatch\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void shouldShowTheNewCertificateFromTheNextHandshakeOn(String algorithm) throws Exception {
    assertThat(post(first, PATH, REVIEW).statusCode()).isEqualTo(200);

    certificates.replace(certificate(second, algorithm));

    assertThat(post(second, PATH, REVIEW).statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> post(first, PATH, REVIEW)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldSayWhatIsWrongWithARequest() throws Exception {
    assertThat(post(first, "/mutate", REVIEW).statusCode()).isEqualTo(404);
    assertThat(post(first, PATH, "{").statusCode()).isEqualTo(400);
    assertThat(post(first, PATH, "{}").body())
        .startsWith("no review: expected an AdmissionReview of admission.k8s.io/v1");
    assertThat(post(first, PATH, " ".repeat((8 << 20) + 1)).statusCode()).isEqualTo(413);
    HttpRequest get = HttpRequest.newBuilder(uri(PATH)).build();
    try (HttpClient client = client(first)) {
      assertThat(client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void shouldNotPrintTheKey() throws Exception {
    assertThat(certificate(first, "EC").toString())
        .startsWith("ServingCertificate[CN=test, until 20")
        .doesNotContain("key");
    assertThatThrownBy(() -> ServingCertificate.ofPem(first.certificate(), "secret"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("expected a PEM block PRIVATE KEY (PKCS#8)");
  }

  private HttpResponse<String> post(TestPki trusted, String path, String body) throws Exception {
    try (HttpClient client = client(trusted)) {
      return client.send(
          HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private URI uri(String path) {
    return URI.create("https://127.0.0.1:" + server.port() + path);
  }

  private static ServingCertificate certificate(TestPki pki, String algorithm) throws Exception {
    TestPki.Identity identity = pki.identity(algorithm);
    return ServingCertificate.ofPem(identity.certificate(), identity.pkcs8());
  }

  private static HttpClient client(TestPki trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    trusted.certificate().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
