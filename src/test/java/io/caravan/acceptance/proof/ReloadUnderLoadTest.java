/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.Manifests;
import io.caravan.acceptance.NumberedRequests;
import io.caravan.acceptance.Traffic;
import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pipeline is replaced again and again while it and another carry traffic. */
class ReloadUnderLoadTest {
  private static final int CHANGES = Form.pick(50, 200);

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldFailNoRequestAndLoseNoRecordWhileAPipelineChangesAgainAndAgain() throws IOException {
    try (RawReceiver steady = new RawReceiver();
        RawReceiver even = new RawReceiver();
        RawReceiver odd = new RawReceiver()) {
      CARAVAN.write("steady.yaml", pipeline("TracePipeline", "steady", steady));
      CARAVAN.write("changing.yaml", pipeline("LogPipeline", "changing", even));
      CARAVAN.start();

      try (Traffic traces = new Traffic(OtlpMethod.TRACES, CARAVAN.grpcPort(), 2);
          Traffic logs = new Traffic(OtlpMethod.LOGS, CARAVAN.grpcPort(), 2)) {
        for (int change = 1; change <= CHANGES; change++) {
          RawReceiver target = change % 2 == 0 ? even : odd;
          int before = target.requests().size();
          CARAVAN.write("changing.yaml", pipeline("LogPipeline", "changing", target));
          Awaitility.await("change " + change + " to take effect")
              .atMost(Duration.ofSeconds(5))
              .pollInterval(Duration.ofMillis(10))
              .until(() -> target.requests().size() > before);
        }
        traces.finish();
        logs.finish();

        assertThat(traces.failures()).isEmpty();
        assertThat(logs.failures()).isEmpty();
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(
                            NumberedRequests.received(OtlpMethod.TRACES, steady).stream().sorted())
                        .containsExactlyElementsOf(
                            traces.acknowledged().stream().sorted().toList()));
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(
                            NumberedRequests.received(OtlpMethod.LOGS, even, odd).stream().sorted())
                        .containsExactlyElementsOf(logs.acknowledged().stream().sorted().toList()));
      }
    }
  }

  private static String pipeline(String kind, String name, RawReceiver target) {
    return Manifests.pipeline(kind, name, Manifests.otlp("grpc", "none", target.endpoint()));
  }
}
