/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.PipelineId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a pod has answered to {@code /flow}.
 *
 * @param started tells this process from one that had the pod's name before; counts of two
 *     processes do not compare
 * @param counts by pipeline
 */
record FlowSample(String started, Map<PipelineId, Counts> counts) {
  /**
   * Reasons for which records are dropped and not lost: others have them, the user has asked for
   * it, or they were counted when they were put aside.
   */
  private static final Set<String> NO_LOSS =
      Set.of(
          "adopted",
          "pipeline_deleted",
          "dead_letters_full",
          "dead_letters_expired",
          "dead_letters_purged");

  /** Reasons of refusals that pass: the sender comes again. */
  private static final Set<String> COME_AGAIN =
      Set.of(
          "journal_full",
          "journal_failed",
          "in_flight_full",
          "deadline",
          "misconfigured",
          "cancelled",
          "deadline_exceeded",
          "resource_exhausted",
          "aborted",
          "out_of_range",
          "unavailable",
          "data_loss");

  /** A pipeline that is being loaded; whether it runs is told elsewhere. */
  private static final String NOT_RUNNING = "not_running";

  FlowSample {
    counts = Map.copyOf(counts);
  }

  /**
   * A pipeline's, in records since its process began to count.
   *
   * @param lost given up, put aside as dead letters, or refused for good
   * @param throttled refused, to come again
   * @param waitingBytes what waits for delivery
   * @param mostBytes what may wait; 0 where nothing is kept
   * @param waitingSeconds for how long the oldest waits; 0 if nothing does
   */
  record Counts(
      long delivered,
      long lost,
      long throttled,
      long waitingBytes,
      long mostBytes,
      long waitingSeconds) {

    boolean isAfter(Counts before) {
      return delivered >= before.delivered && lost >= before.lost && throttled >= before.throttled;
    }
  }

  static FlowSample parse(byte[] json) throws UnreadableReportException {
    JsonNode report = ReportJson.read(json);
    Map<PipelineId, Counts> counts = new HashMap<>();
    for (JsonNode each : report.path("pipelines")) {
      JsonNode waiting = each.path("waiting");
      JsonNode refused = each.path("refused");
      long gone = sum(each.path("dropped"), reason -> !NO_LOSS.contains(reason));
      long forGood =
          sum(refused, reason -> !COME_AGAIN.contains(reason) && !reason.equals(NOT_RUNNING));
      counts.put(
          ReportJson.pipeline(each),
          new Counts(
              each.path("delivered").asLong(),
              each.path("deadLettered").asLong() + gone + forGood,
              sum(refused, COME_AGAIN::contains),
              waiting.path("bytes").asLong(),
              waiting.path("most").asLong(),
              waiting.path("seconds").asLong()));
    }
    return new FlowSample(report.path("started").asText(), counts);
  }

  private static long sum(JsonNode byReason, Predicate<String> counts) {
    return byReason.properties().stream()
        .filter(each -> counts.test(each.getKey()))
        .mapToLong(each -> each.getValue().asLong())
        .sum();
  }
}
