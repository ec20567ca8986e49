/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static io.caravan.signal.KeepingPipelines.QUICK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.PipelineFlow;
import io.caravan.otlp.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFlowsTest {
  @TempDir Path data;

  @Test
  void shouldSayWhatWasTakenWhatWaitsAndWhatWasRefused() {
    try (KeepingPipelines pipelines = new KeepingPipelines(data)) {
      pipelines.plan("demo", bufferOf(400));
      pipelines.backend("demo", KeepingPipelines.DOWN);
      Instant before = Instant.now().minusMillis(1);
      assertThat(pipelines.send(TestBatches.spans(3))).isInstanceOf(Reply.Taken.class);
      while (pipelines.send(TestBatches.spans(1)) instanceof Reply.Taken) {
        assertThat(flow(pipelines).waiting().bytes()).isLessThanOrEqualTo(400);
      }

      PipelineFlow flow = flow(pipelines);

      assertThat(flow.accepted()).isGreaterThanOrEqualTo(3);
      assertThat(flow.delivered()).isZero();
      assertThat(flow.refused()).containsEntry("journal_full", 1L);
      assertThat(flow.waiting().most()).isEqualTo(400);
      assertThat(flow.waiting().bytes()).isPositive();
      assertThat(flow.waiting().oldest().orElseThrow()).isAfterOrEqualTo(before);
    }
  }

  @Test
  void shouldSayWhatTheBackendTookAndWhatItRefused() {
    try (KeepingPipelines pipelines = new KeepingPipelines(data)) {
      pipelines.plan("demo", QUICK);
      pipelines.send(TestBatches.spans(3));
      await().untilAsserted(() -> assertThat(flow(pipelines).delivered()).isEqualTo(3));

      pipelines.backend("demo", KeepingPipelines.REFUSES);
      pipelines.send(TestBatches.spans(2));

      await().untilAsserted(() -> assertThat(flow(pipelines).deadLettered()).isEqualTo(2));
      assertThat(flow(pipelines).dropped()).isEmpty();
      assertThat(flow(pipelines).waiting().oldest()).isEmpty();
    }
  }

  private static PipelineFlow flow(KeepingPipelines pipelines) {
    return requireNonNull(pipelines.subscriptions().flows().get(KeepingPipelines.id("demo")));
  }

  private static Delivery bufferOf(long bytes) {
    return new Delivery(
        QUICK.acknowledge(),
        new Buffer(bytes, Duration.ofHours(1)),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }
}
