/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Inbox;
import io.caravan.acceptance.fixture.JavaAgent;
import io.caravan.acceptance.fixture.TelemetryRecord;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small application under the OpenTelemetry Java agent, through Caravan to a real Collector. */
@ExtendWith(DeliveryMatrixExtension.class)
class JavaAgentDeliveryTest {
  private static final Predicate<TelemetryRecord> DATA_POINT =
      record -> record.record().contains("\"dataPoints\"");

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void shouldDeliverAllThreeSignalsOfAnInstrumentedApplication(
      String protocol, DeliveryMatrix matrix) {
    String service = "shop-" + protocol;
    String endpoint = protocol.equals("grpc") ? matrix.caravan().grpc() : matrix.caravan().http();

    List<TelemetryRecord> said = JavaAgent.run(Shop.class, service, protocol, endpoint);

    // A client's span, a server's span and a log record for each order, at the least.
    assertThat(said).hasSizeGreaterThanOrEqualTo(3 * Shop.ORDERS);
    List<TelemetryRecord> points =
        matrix.inboxes().getFirst().await(service, said.size() + 1).stream()
            .filter(DATA_POINT)
            .toList();
    assertThat(points).doesNotHaveDuplicates();
    assertThat(points)
        .filteredOn(point -> point.record().contains("\"shop.orders\""))
        .singleElement()
        .satisfies(
            point -> assertThat(point.record()).contains("\"asInt\":\"" + Shop.ORDERS + "\""));
    for (Inbox inbox : matrix.inboxes()) {
      List<TelemetryRecord> all = inbox.await(service, said.size() + points.size());
      assertThat(all)
          .as(inbox.name())
          .filteredOn(DATA_POINT)
          .containsExactlyInAnyOrderElementsOf(points);
      assertThat(all)
          .as(inbox.name())
          .filteredOn(DATA_POINT.negate())
          .containsExactlyInAnyOrderElementsOf(said);
    }
  }
}
