/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.JavaAgent;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.TelemetryRecord;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small application under the OpenTelemetry Java agent, through Caravan to a real Collector. */
@ExtendWith(DeliveryMatrixExtension.class)
class JavaAgentDeliveryTest {
  /** Of each order a client's span and a server's, at the least. */
  private static final int SPANS = 2 * Shop.ORDERS;

  private static final int LOG_RECORDS = Shop.ORDERS;

  /** What tells the records of a signal from those of the others. */
  private static final Map<OtlpMethod, Predicate<TelemetryRecord>> KIND =
      Map.of(
          OtlpMethod.TRACES,
              record ->
                  record.record().contains("\"startTimeUnixNano\"")
                      && !record.record().contains("\"dataPoints\""),
          OtlpMethod.LOGS, record -> record.record().contains("\"severityNumber\""));

  @ParameterizedTest
  @CsvSource({"grpc, TRACES", "grpc, LOGS", "http/protobuf, TRACES", "http/protobuf, LOGS"})
  void shouldDeliverAllThreeSignalsOfAnInstrumentedApplication(
      String protocol, OtlpMethod told, DeliveryMatrix matrix) {
    String service = "shop-" + protocol + "-" + told;
    String endpoint = protocol.equals("grpc") ? matrix.caravan().grpc() : matrix.caravan().http();

    List<TelemetryRecord> said = JavaAgent.run(Shop.class, service, protocol, endpoint, told);

    assertThat(said).hasSizeGreaterThanOrEqualTo(told == OtlpMethod.TRACES ? SPANS : LOG_RECORDS);
    List<TelemetryRecord> first =
        matrix.inboxes().getFirst().await(service, SPANS + LOG_RECORDS + 1);
    assertThat(first).doesNotHaveDuplicates().containsAll(said);
    assertThat(first)
        .filteredOn(record -> record.record().contains("\"shop.orders\""))
        .singleElement()
        .satisfies(
            point -> assertThat(point.record()).contains("\"asInt\":\"" + Shop.ORDERS + "\""));
    for (Inbox inbox : matrix.inboxes()) {
      List<TelemetryRecord> all = inbox.await(service, first.size());
      assertThat(all).as(inbox.name()).containsExactlyInAnyOrderElementsOf(first);
      assertThat(all)
          .as(inbox.name())
          .filteredOn(KIND.get(told))
          .containsExactlyInAnyOrderElementsOf(said);
    }
  }
}
