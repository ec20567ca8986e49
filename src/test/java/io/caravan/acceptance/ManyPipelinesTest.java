/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A folder with hundreds of pipelines; how fast it starts is the benchmark's to say. */
class ManyPipelinesTest {
  private static final int PIPELINES = 500;

  private static final List<String> KINDS =
      List.of("TracePipeline", "LogPipeline", "MetricPipeline");

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldDeliverToEachOfFiveHundredPipelines() throws IOException {
    try (RawReceiver backend = new RawReceiver();
        RawReceiver quiet = new RawReceiver()) {
      for (int i = 0; i < PIPELINES; i++) {
        // Metrics go to one backend from every third pipeline; the others stay idle.
        RawReceiver target = i % 3 == 2 ? backend : quiet;
        CARAVAN.write(
            "pipeline-%03d.yaml".formatted(i),
            Manifests.pipeline(
                KINDS.get(i % 3),
                "pipeline-" + i,
                Manifests.otlp("grpc", "none", target.endpoint())));
      }
      CARAVAN.start();

      try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
        byte[] request = NumberedRequests.request(OtlpMethod.METRICS, 1);
        assertThat(sender.send(OtlpMethod.METRICS, request).join().isOk()).isTrue();
      }

      int takers = PIPELINES / 3;
      Awaitility.await().until(() -> backend.requests().size() >= takers);
      assertThat(NumberedRequests.received(OtlpMethod.METRICS, backend)).hasSize(takers);
      assertThat(quiet.requests()).isEmpty();
    }
  }
}
