/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OTLP/JSON by hand, with every field that OTLP has, through Caravan to a real Collector. */
@ExtendWith(DeliveryMatrixExtension.class)
class CurlDeliveryTest {

  @Test
  void shouldDeliverEveryFieldThatWasPostedAsJson(DeliveryMatrix matrix) {
    for (String signal : new String[] {"traces", "logs", "metrics"}) {
      Path request = Programs.home().resolve("src/test/resources/acceptance/" + signal + ".json");
      String path = "/v1/" + signal;

      assertThat(Curl.postJson(matrix.caravan().http(path), request)).isEqualTo(200);
      assertThat(Curl.postJson(matrix.direct().http(path), request)).isEqualTo(200);
    }

    // Two spans, two log records, six data points.
    matrix.assertDeliveredAsSentDirectly("curl", 10);
  }
}
