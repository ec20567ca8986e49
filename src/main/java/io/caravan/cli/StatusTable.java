/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A process's status for people. */
record StatusTable(JsonNode status) {

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(status.has("process") ? process() : pods());
    table(text);
    text.append(retained());
    for (JsonNode deleted : status.path("deleted")) {
      text.append(deleted(deleted));
    }
    for (JsonNode finding : status.path("findings")) {
      text.append(
          "%n%s %s: %s%s"
              .formatted(
                  finding.path("severity").asText(),
                  finding.path("location").asText(),
                  finding.path("path").asText().isEmpty()
                      ? ""
                      : finding.path("path").asText() + ": ",
                  finding.path("message").asText()));
    }
    return text.append(status.path("findings").isEmpty() ? "" : System.lineSeparator()).toString();
  }

  private String process() {
    JsonNode process = status.path("process");
    return "pid %s, running %s since %s%nlistens on %s: gRPC %s, HTTP %s, admin %s%n%n"
        .formatted(
            process.path("pid").asText(),
            process.path("folder").asText(),
            seconds(process.path("started").asText()),
            process.path("bind").asText(),
            process.path("grpcPort").asText(),
            process.path("httpPort").asText(),
            process.path("adminPort").asText());
  }

  /** Those of a cluster, whose answers these are. */
  private String pods() {
    TextTable table = new TextTable(List.of("gateway", "version", "running since"));
    for (JsonNode pod : status.path("pods")) {
      String started = pod.path("started").asText();
      table.add(
          List.of(
              pod.path("pod").asText(),
              pod.path("version").asText("-"),
              started.isEmpty()
                  ? "does not answer: " + pod.path("error").asText()
                  : seconds(started).toString()));
    }
    return table + System.lineSeparator();
  }

  private void table(StringBuilder text) {
    TextTable table = new TextTable(List.of("pipeline", "running", "delivers", "state"));
    for (JsonNode pipeline : status.path("pipelines")) {
      table.add(
          List.of(
              pipeline.path("pipeline").asText(),
              pipeline.path("running").asText("-"),
              pipeline.path("delivers").asText(),
              state(pipeline)));
    }
    text.append(table);
    String ledger = new LedgerTable(status.path("pipelines"), Instant.now()).toString();
    if (!ledger.isEmpty()) {
      text.append(System.lineSeparator()).append(ledger);
    }
  }

  private String retained() {
    StringBuilder lines = new StringBuilder();
    for (JsonNode pipeline : status.path("pipelines")) {
      lines.append(pipeline.has("retained") ? retained(pipeline) : "");
    }
    return lines.isEmpty() ? "" : System.lineSeparator() + lines;
  }

  private static String retained(JsonNode pipeline) {
    JsonNode retained = pipeline.path("retained");
    return "retained: %s has %s records, %s bytes for 'caravan replay'%s%n"
        .formatted(
            pipeline.path("pipeline").asText(),
            retained.path("records").asText(),
            retained.path("bytes").asText(),
            retained.hasNonNull("oldest")
                ? ", the oldest of " + seconds(retained.path("oldest").asText())
                : "");
  }

  private static String deleted(JsonNode pipeline) {
    JsonNode failing = pipeline.path("failing");
    return "%ndeleted: %s has %s records for %s until %s%s%n"
        .formatted(
            pipeline.path("pipeline").asText(),
            pipeline.path("records").asText(),
            pipeline.path("delivers").asText(),
            seconds(pipeline.path("deliversUntil").asText()),
            failing.isMissingNode()
                ? pipeline.hasNonNull("trouble")
                    ? ", and cannot deliver them: " + pipeline.path("trouble").asText()
                    : ""
                : ": %s: %s"
                    .formatted(failing.path("code").asText(), failing.path("message").asText()));
  }

  private static Instant seconds(String time) {
    return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS);
  }

  private static String accounted(JsonNode condition) {
    return condition.path("status").asText().equals("False")
        ? condition.path("message").asText()
        : "ok";
  }

  private static String state(JsonNode pipeline) {
    if (pipeline.path("healthy").asBoolean()) {
      JsonNode failing = pipeline.path("failing");
      return failing.isMissingNode()
          ? accounted(pipeline.path("accounted"))
          : "not delivering since %s: %s: %s"
              .formatted(
                  seconds(failing.path("since").asText()),
                  failing.path("code").asText(),
                  failing.path("message").asText());
    }
    JsonNode condition = pipeline.path("condition");
    String why =
        pipeline.hasNonNull("loadError")
            ? pipeline.path("loadError").asText()
            : condition.path("reason").asText() + ": " + condition.path("message").asText();
    return (pipeline.hasNonNull("running") ? "earlier version runs: " : "does not run: ") + why;
  }
}
