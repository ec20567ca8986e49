/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.PipelineFlow;
import io.caravan.api.PipelineId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What an instance answers to {@code /flow}, which the manager asks: what became of the records of
 * the pipelines that it runs.
 *
 * <p>{@code {"format":1, "instance":"telemetry-otlp-gateway-x", "started":"2026-01-01T00:00:00Z",
 * "pipelines":[{"pipeline":"tracepipeline/demo", "accepted":9, "delivered":5, "deadLettered":1,
 * "dropped":{"journal_full":1}, "refused":{"journal_full":3}, "waiting":{"bytes":812,
 * "most":1073741824, "seconds":73}}]}}. Counts are of records and only grow while {@code started}
 * is the same. It is not part of {@code /plan}: that is asked much more often, and these change
 * with each batch. {@code seconds} is for how long the oldest waits; it is left out if nothing
 * does.
 */
public final class FlowReport {
  private static final int FORMAT = 1;

  private final String instance;
  private final Instant started;
  private final Supplier<SortedMap<PipelineId, PipelineFlow>> flows;
  private final Clock clock;

  /**
   * @param instance the name of the Pod
   * @param started when this process began to count
   */
  public FlowReport(
      String instance,
      Instant started,
      Supplier<SortedMap<PipelineId, PipelineFlow>> flows,
      Clock clock) {
    this.instance = instance;
    this.started = started;
    this.flows = flows;
    this.clock = clock;
  }

  /** This moment's. Any thread; reads files. */
  public String json() {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    report.put("instance", instance).put("started", started.toString());
    ArrayNode pipelines = report.putArray("pipelines");
    flows
        .get()
        .forEach((id, flow) -> describe(pipelines.addObject().put("pipeline", id.place()), flow));
    return report.toString();
  }

  private void describe(ObjectNode node, PipelineFlow flow) {
    node.put("accepted", flow.accepted())
        .put("delivered", flow.delivered())
        .put("deadLettered", flow.deadLettered());
    ObjectNode dropped = node.putObject("dropped");
    flow.dropped().forEach(dropped::put);
    ObjectNode refused = node.putObject("refused");
    flow.refused().forEach(refused::put);
    ObjectNode waiting = node.putObject("waiting");
    waiting.put("bytes", flow.waiting().bytes()).put("most", flow.waiting().most());
    flow.waiting().oldest().ifPresent(at -> waiting.put("seconds", seconds(at)));
  }

  /** An age: whoever asks has a clock of its own. */
  private long seconds(Instant since) {
    return Math.max(0, Duration.between(since, clock.instant()).toSeconds());
  }
}
