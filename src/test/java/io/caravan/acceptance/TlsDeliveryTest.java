/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawSender;
import io.caravan.acceptance.fixture.ServerCertificate;
import io.grpc.Status;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Outputs with TLS, basic authentication and headers, against a real Collector. */
class TlsDeliveryTest {
  private static final ServerCertificate CERTIFICATE = ServerCertificate.issue();
  private static final List<String> HEADERS = List.of("authorization", "x-tenant");
  private static final Inbox GRPC = Inbox.tls("grpc", CERTIFICATE, HEADERS);
  private static final Inbox HTTP = Inbox.tls("http", CERTIFICATE, HEADERS);

  @RegisterExtension
  @Order(1)
  static final Collector COLLECTOR = new Collector(GRPC, HTTP);

  @RegisterExtension
  @Order(2)
  static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldDeliverOverTlsWithTheCredentialsAndHeadersOfThePipeline() {
    CARAVAN.write("secret.yaml", SECRET);
    CARAVAN.write(
        "grpc.yaml", Manifests.pipeline("LogPipeline", "grpc", output("grpc", GRPC.grpc())));
    CARAVAN.write(
        "http.yaml", Manifests.pipeline("LogPipeline", "http", output("http", HTTP.http())));
    // A backend whose certificate is not trusted gets nothing.
    CARAVAN.write(
        "stranger.yaml",
        Manifests.pipeline(
                "TracePipeline",
                "stranger",
                "otlp:\n  endpoint:\n    value: %s\n".formatted(GRPC.grpc()))
            + Manifests.HEAR_THE_BACKEND);
    CARAVAN.start();

    JavaSdk.emitLogs("tls", 250, Exporters.GRPC.logs(CARAVAN.grpc(), "gzip"));

    for (Inbox inbox : List.of(GRPC, HTTP)) {
      assertThat(inbox.await("tls", 250))
          .hasSize(250)
          // base64 of "merchant:open sesame"
          .allSatisfy(
              record ->
                  assertThat(record.resource())
                      .contains("Basic bWVyY2hhbnQ6b3BlbiBzZXNhbWU=")
                      .contains("tenant oasis"));
    }
    try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
      byte[] spans = NumberedRequests.request(OtlpMethod.TRACES, 1);
      Status refused = sender.send(OtlpMethod.TRACES, spans).join();
      assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    CARAVAN.process().await(Pattern.compile("unable to find valid certification path"), 1);
  }

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: backend, namespace: default}
      stringData:
        user: merchant
        password: open sesame
        tenant: oasis
        ca.pem: |
      %s
      """
          .formatted(CERTIFICATE.authority().indent(4));

  private static String output(String protocol, String endpoint) {
    return """
    otlp:
      protocol: %s
      endpoint:
        value: %s
      tls:
        ca:
          valueFrom: {secretKeyRef: {name: backend, namespace: default, key: ca.pem}}
      authentication:
        basic:
          user:
            valueFrom: {secretKeyRef: {name: backend, namespace: default, key: user}}
          password:
            valueFrom: {secretKeyRef: {name: backend, namespace: default, key: password}}
      headers:
        - name: X-Tenant
          prefix: tenant
          valueFrom: {secretKeyRef: {name: backend, namespace: default, key: tenant}}
    """
        .formatted(protocol, endpoint);
  }
}
