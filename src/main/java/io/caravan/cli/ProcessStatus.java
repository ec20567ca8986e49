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
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What a process says of itself and of its pipelines when it is asked for its status. Thread-safe.
 */
final class ProcessStatus {
  private final NodeOptions options;
  private final Path folder;
  private final Supplier<ObjectNode> pipelines;
  private final Node node;
  private final int adminPort;
  private final LedgerReport ledger;

  private final Instant started = Instant.now();

  /**
   * The status of a process that starts now.
   *
   * @param folder that it works on
   * @param pipelines see {@link io.caravan.standalone.StatusReport}
   */
  ProcessStatus(
      NodeOptions options,
      Path folder,
      Supplier<ObjectNode> pipelines,
      Node node,
      int adminPort,
      LedgerReport ledger) {
    this.options = options;
    this.folder = folder;
    this.pipelines = pipelines;
    this.node = node;
    this.adminPort = adminPort;
    this.ledger = ledger;
  }

  /** This moment's view, as {@code caravan status} reads it. */
  ObjectNode json() {
    ObjectNode status = pipelines.get();
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
        .put("folder", folder.toAbsolutePath().toString())
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
