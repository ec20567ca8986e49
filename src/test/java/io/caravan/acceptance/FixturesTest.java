/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Collector;
import io.caravan.acceptance.fixture.Difference;
import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.JavaAgent;
import io.caravan.acceptance.fixture.JavaScriptSdk;
import io.caravan.acceptance.fixture.ServerCertificate;
import io.caravan.acceptance.fixture.TelemetryRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fixtures against each other, with nothing of ours between them. */
class FixturesTest {
  private static final Inbox ONE = Inbox.plain("one");
  private static final Inbox TWO = Inbox.plain("two");
  private static final Inbox TLS =
      Inbox.tls("tls", ServerCertificate.issue(), List.of("authorization"));

  @RegisterExtension static final Collector COLLECTOR = new Collector(ONE, TWO, TLS);

  @Test
  void shouldFindTheSameRecordsInBothInboxesWhenTheJavaScriptSdkSendsToBoth() {
    JavaScriptSdk.run("send.js", List.of("js", "20", ONE.http(), TWO.http()));
    assertThat(ONE.await("js", 80)).hasSize(80);
    assertThat(Difference.between(TWO.await("js", 80), ONE.records("js")))
        .isEqualTo(Difference.NONE);
  }

  @Test
  void shouldFindExactlyTheSpansAndLogRecordsThatTheAgentSaysItSent() {
    List<TelemetryRecord> said = JavaAgent.run(Shop.class, "agent", "grpc", ONE.grpc());
    ONE.await("agent", said.size());
    assertThat(said).hasSizeGreaterThanOrEqualTo(3 * Shop.ORDERS);
    assertThat(Difference.between(said, ONE.records("agent")).lost()).isEmpty();
  }

  @Test
  void shouldFindEveryRecordOfTheJavaSdkOverBothProtocols() {
    JavaSdk.emitSpans("sdk", 300, Exporters.GRPC.spans(ONE.grpc(), "gzip"));
    JavaSdk.emitLogs("sdk", 300, Exporters.HTTP.logs(ONE.http(), "gzip"));
    JavaSdk.emitMetrics("sdk", 100, Exporters.HTTP.metrics(ONE.http(), "gzip"));
    assertThat(ONE.await("sdk", 900)).hasSize(900);
  }
}
