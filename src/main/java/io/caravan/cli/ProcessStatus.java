/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.api.RetainedAmount;
import io.caravan.node.Node;
import io.caravan.standalone.Standalone;
import java.time.Instant;
import java.util.SortedMap;

/**
 * What a process says of itself and of its pipelines when it is asked for its status. Thread-safe.
 */
final class ProcessStatus {
  private final RunOptions options;
  private final Instant started;
  private final Standalone standalone;
  private final Node node;
  private final int adminPort;
  private final LedgerReport ledger;

  ProcessStatus(
      RunOptions options,
      Instant started,
      Standalone standalone,
      Node node,
      int adminPort,
      LedgerReport ledger) {
    this.options = options;
    this.started = started;
    this.standalone = standalone;
    this.node = node;
    this.adminPort = adminPort;
    this.ledger = ledger;
  }

  /** This moment's view, as {@code caravan status} reads it. */
  ObjectNode json() {
    ObjectNode status = standalone.status();
    ledger.addTo(status.path("pipelines"));
    SortedMap<PipelineId, DeliveryFailure> failures = node.deliveryFailures();
    tellFailing(status.path("pipelines"), failures);
    tellFailing(status.path("deleted"), failures);
    tellRetained(status.path("pipelines"), node.retained());
    status
        .putObject("process")
        .put("pid", ProcessHandle.current().pid())
        .put("version", Version.number())
        .put("started", started.toString())
        .put("folder", options.folder.toAbsolutePath().toString())
        .put("bind", options.bind)
        .put("grpcPort", node.grpcPort())
        .put("httpPort", node.httpPort())
        .put("adminPort", adminPort);
    return status;
  }

  private static void tellRetained(
      JsonNode pipelines, SortedMap<PipelineId, RetainedAmount> retained) {
    for (JsonNode pipeline : pipelines) {
      retained.forEach(
          (id, amount) -> {
            if (pipeline.path("pipeline").asText().equals(id.toString())) {
              ((ObjectNode) pipeline)
                  .putObject("retained")
                  .put("records", amount.records())
                  .put("bytes", amount.bytes())
                  .put("oldest", amount.oldest().map(Instant::toString).orElse(null));
            }
          });
    }
  }

  private static void tellFailing(
      JsonNode pipelines, SortedMap<PipelineId, DeliveryFailure> failures) {
    for (JsonNode pipeline : pipelines) {
      failures.forEach(
          (id, failure) -> {
            if (pipeline.path("pipeline").asText().equals(id.toString())
                && pipeline.path("uid").asText().equals(id.uid())) {
              ((ObjectNode) pipeline)
                  .putObject("failing")
                  .put("since", failure.since().toString())
                  .put("code", failure.code())
                  .put("message", failure.message());
            }
          });
    }
  }
}
