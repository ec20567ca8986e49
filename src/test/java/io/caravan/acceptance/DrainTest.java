/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -TERM} under load. */
class DrainTest {
  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldDeliverEveryAcknowledgedRecordAndEndWhenTerminatedUnderLoad() throws IOException {
    try (RawReceiver backend = new RawReceiver(Duration.ofMillis(50))) {
      CARAVAN.write(
          "traces.yaml",
          Manifests.pipeline(
                  "TracePipeline", "traces", Manifests.otlp("grpc", "none", backend.endpoint()))
              + Manifests.HEAR_THE_BACKEND);
      CARAVAN.start();

      try (Traffic traffic = new Traffic(OtlpMethod.TRACES, CARAVAN.grpcPort(), 8)) {
        Awaitility.await().until(() -> traffic.acknowledged().size() >= 200);

        CARAVAN.process().terminate();
        int code = CARAVAN.process().awaitExit(Duration.ofSeconds(20));

        assertThat(code).as("0, or 128 + SIGTERM").isIn(0, 143);
        Awaitility.await("a request after the end").until(() -> !traffic.failures().isEmpty());
        traffic.finish();
        // What was in flight at the signal was answered: nothing arrived that was refused.
        assertThat(NumberedRequests.received(OtlpMethod.TRACES, backend).stream().sorted())
            .containsExactlyElementsOf(traffic.acknowledged().stream().sorted().toList());
      }
    }
  }
}
