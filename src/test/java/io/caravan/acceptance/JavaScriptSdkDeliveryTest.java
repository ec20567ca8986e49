/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.JavaScriptSdk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The OpenTelemetry JavaScript SDK, which speaks OTLP/JSON, through Caravan to a real Collector.
 */
@ExtendWith(DeliveryMatrixExtension.class)
class JavaScriptSdkDeliveryTest {

  @Test
  void shouldDeliverEveryRecordOfAllThreeSignalsSentAsJson(DeliveryMatrix matrix) {
    String orders = "250";

    JavaScriptSdk.run(
        "send.js", List.of("javascript", orders, matrix.caravan().http(), matrix.direct().http()));

    // A span, a log record and two data points an order.
    matrix.assertDeliveredAsSentDirectly("javascript", 4 * Integer.parseInt(orders));
  }
}
