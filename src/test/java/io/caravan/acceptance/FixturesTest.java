/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.Difference;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.JavaScriptSdk;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.Programs;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.ServerCertificate;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fixtures against each other, with nothing of ours between them. */
class FixturesTest {
  private static final ServerCertificate CERTIFICATE = ServerCertificate.issue();
  private static final Inbox ONE = Inbox.plain("one");
  private static final Inbox TWO = Inbox.plain("two");
  private static final Inbox TLS = Inbox.tls("tls", CERTIFICATE, List.of("authorization"));

  @RegisterExtension static final Collector COLLECTOR = new Collector(ONE, TWO, TLS);

  @Test
  void shouldFindTheSameRecordsInBothInboxesWhenTheJavaScriptSdkSendsToBoth() {
    JavaScriptSdk.run("send.js", List.of("js", "20", ONE.http(), TWO.http()));
    assertThat(ONE.await("js", 80)).hasSize(80);
    assertThat(Difference.between(TWO.await("js", 80), ONE.records("js")))
        .isEqualTo(Difference.NONE);
  }

  @Test
  void shouldFindEveryRecordOfTheJavaSdkOverBothProtocols() {
    JavaSdk.emitSpans("sdk", 300, Exporters.GRPC.spans(ONE.grpc(), "gzip"));
    JavaSdk.emitLogs("sdk", 300, Exporters.HTTP.logs(ONE.http(), "gzip"));
    JavaSdk.emitMetrics("sdk", 100, Exporters.HTTP.metrics(ONE.http(), "gzip"));
    assertThat(ONE.await("sdk", 900)).hasSize(900);
  }

  @Test
  void shouldFindTheHeadersOfARequestOverTlsInTheResource() {
    LogRecordExporter exporter =
        OtlpGrpcLogRecordExporter.builder()
            .setEndpoint(TLS.grpc())
            .setTrustedCertificates(CERTIFICATE.authority().getBytes(StandardCharsets.UTF_8))
            .addHeader("authorization", "Bearer sesame")
            .build();

    JavaSdk.emitLogs("tls", 1, exporter);

    assertThat(TLS.await("tls", 1).getFirst().resource()).contains("Bearer sesame");
  }

  @Test
  void shouldFindEveryRecordThatCurlPosts() {
    for (String signal : List.of("traces", "logs", "metrics")) {
      Path request = Programs.home().resolve("src/test/resources/acceptance/" + signal + ".json");
      assertThat(Curl.postJson(ONE.http("/v1/" + signal), request)).isEqualTo(200);
    }

    assertThat(ONE.await("curl", 10)).hasSize(10);
  }

  @Test
  void shouldCountEachRequestOfTheTrafficOnce() throws IOException {
    try (RawReceiver receiver = new RawReceiver(Duration.ofMillis(1));
        Traffic traffic =
            new Traffic(OtlpMethod.LOGS, URI.create(receiver.endpoint()).getPort(), 3)) {
      Awaitility.await().until(() -> traffic.acknowledged().size() > 100);
      traffic.finish();

      assertThat(traffic.failures()).isEmpty();
      assertThat(NumberedRequests.received(OtlpMethod.LOGS, receiver))
          .containsExactlyInAnyOrderElementsOf(traffic.acknowledged());
    }
  }
}
