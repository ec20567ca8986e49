/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("slow")
@Isolated("it counts threads")
class ManyPipelinesTest {
  private static final int PIPELINES = 500;

  @Test
  void shouldLoadFiveHundredPipelinesWithoutAThreadEach() throws Exception {
    PlannedKamelet http = ConnectorsTest.shipped("otlp-http-sink");
    List<PipelinePlan> pipelines = new ArrayList<>();
    for (int i = 0; i < PIPELINES; i++) {
      Map<String, PlanValue> values =
          Map.of(
              "endpoint",
              new PlanValue.Literal("http://127.0.0.1:" + (10_000 + i)),
              "headers",
              new PlanValue.Secret("X-Api-Key: " + i));
      pipelines.add(pipeline("p%03d".formatted(i), "1", http, values));
    }
    try (NodeFixture node = new NodeFixture().start(Plan.EMPTY)) {
      int threads = Thread.activeCount();

      node.node.apply(new Plan(pipelines));

      assertThat(node.node.states())
          .hasSize(PIPELINES)
          .allMatch(state -> state.loadError() == null && state.runningDigest() != null);
      assertThat(Thread.activeCount()).isLessThan(threads + 20);
    }
  }
}
