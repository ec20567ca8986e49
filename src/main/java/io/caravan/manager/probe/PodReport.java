/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod has answered to {@code /plan}.
 *
 * @param pipelines what it says of each pipeline of the plan that it has
 * @param unread why it has not taken an entry of the plan, by pipeline
 * @param emptied whether it has said that nothing is left to deliver on its disk
 */
public record PodReport(
    Map<PipelineId, Taking> pipelines, Map<PipelineId, String> unread, boolean emptied) {

  /** Copies the maps. */
  public PodReport {
    pipelines = Map.copyOf(pipelines);
    unread = Map.copyOf(unread);
  }

  /** Of a pod that has not said that it is empty. */
  public PodReport(Map<PipelineId, Taking> pipelines, Map<PipelineId, String> unread) {
    this(pipelines, unread, false);
  }

  /**
   * A pipeline in a pod.
   *
   * @param planned the digest that is to run; empty without routes
   * @param running the digest that runs; empty if none does
   * @param loadError why the planned one does not run, in Camel's words
   * @param deleted whether the pod knows that it is deleted
   * @param remainder what a deleted pipeline has still to deliver
   */
  public record Taking(
      Optional<String> planned,
      Optional<String> running,
      Optional<String> loadError,
      boolean deleted,
      Optional<Remainder> remainder) {}

  /** Whether nothing of a deleted pipeline is left in the pod, which knows of the deletion. */
  public boolean hasEnded(PipelineId pipeline) {
    Taking taking = pipelines.get(pipeline);
    return taking == null || (taking.deleted() && taking.remainder().isEmpty());
  }

  /**
   * Reads an answer. Fields that are not known are left alone.
   *
   * @throws UnreadableReportException if it is none, or of a later format
   */
  static PodReport parse(byte[] json) throws UnreadableReportException {
    JsonNode report = ReportJson.read(json);
    Map<PipelineId, Taking> pipelines = new HashMap<>();
    for (JsonNode each : report.path("pipelines")) {
      pipelines.put(
          ReportJson.pipeline(each),
          new Taking(
              ReportJson.text(each, "planned"),
              ReportJson.text(each, "running"),
              ReportJson.text(each, "loadError"),
              each.has("deletedAt"),
              remainder(each.path("remainder"))));
    }
    Map<PipelineId, String> unread = new HashMap<>();
    for (JsonNode each : report.path("unread")) {
      if (each.has("pipeline")) {
        unread.put(ReportJson.pipeline(each), ReportJson.text(each, "why").orElse("unread"));
      }
    }
    return new PodReport(pipelines, unread, emptied(report.path("undelivered")));
  }

  /** A pod of a version that does not say it is never empty. */
  private static boolean emptied(JsonNode undelivered) {
    return undelivered.isObject()
        && undelivered.path("bytes").asLong(1) == 0
        && undelivered.path("folders").asLong(1) == 0;
  }

  private static Optional<Remainder> remainder(JsonNode node) throws UnreadableReportException {
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    Instant until = ReportJson.instant(node, "until");
    return Optional.of(
        new Remainder(until, node.path("records").asLong(), node.path("bytes").asLong()));
  }

  /** The same but for what changes with every batch. */
  PodReport withoutCounts() {
    Map<PipelineId, Taking> same = new HashMap<>();
    pipelines.forEach(
        (id, taking) ->
            same.put(
                id,
                new Taking(
                    taking.planned,
                    taking.running,
                    taking.loadError,
                    taking.deleted,
                    taking.remainder.map(rest -> new Remainder(rest.until(), 0, 0)))));
    return new PodReport(same, unread, emptied);
  }
}
