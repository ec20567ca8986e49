/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.PipelineId;
import io.caravan.journal.deadletters.DeadLetterCounts;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.node.Node;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.Balance;
import io.caravan.observe.ledger.Difference;
import io.caravan.observe.ledger.Line;
import io.caravan.observe.ledger.PipelineBook;
import java.util.List;

/**
 * Adds to each pipeline of a process's status what became of its records.
 *
 * <p>{@code "ledger":{"accepted":{"records", "bytes"}, "created", "delivered", "queued", "dropped",
 * "deadLettered", "difference", "oldest":"2026-01-01T00:00:00Z", "lines":[{"input", "origin",
 * "result", "reason", "records", "bytes"}]}}, {@code "deadLetters":{"letters", "records",
 * "bytes"}}, those that are there now, and {@code "accounted":{"type", "status", "reason",
 * "message"}}: a condition that is false if the last self-check found a difference. {@code oldest}
 * is when what waits longest was accepted.
 */
final class LedgerReport {
  private final Node node;
  private final DeadLetters letters;

  LedgerReport(Node node, DeadLetters letters) {
    this.node = node;
    this.letters = letters;
  }

  void addTo(JsonNode pipelines) {
    for (JsonNode pipeline : pipelines) {
      String uid = pipeline.path("uid").asText();
      PipelineId.ofPlace(pipeline.path("pipeline").asText() + (uid.isEmpty() ? "" : "#" + uid))
          .ifPresent(id -> add((ObjectNode) pipeline, id));
    }
  }

  private void add(ObjectNode pipeline, PipelineId id) {
    ObjectNode ledger = pipeline.putObject("ledger");
    node.ledger().balance(id).ifPresent(balance -> balance(ledger, balance));
    node.oldest(id).ifPresent(oldest -> ledger.put("oldest", oldest.toString()));
    ArrayNode lines = ledger.putArray("lines");
    node.ledger()
        .find(id)
        .flatMap(PipelineBook::lines)
        .ifPresent(all -> all.forEach(line -> line(lines.addObject(), line)));
    DeadLetterCounts counts = letters.counts(id.toString());
    pipeline
        .putObject("deadLetters")
        .put("letters", counts.letters())
        .put("records", counts.records())
        .put("bytes", counts.bytes());
    condition(pipeline.putObject("accounted"), id);
  }

  private static void balance(ObjectNode to, Balance balance) {
    amount(to, "accepted", balance.accepted());
    amount(to, "created", balance.created());
    amount(to, "delivered", balance.delivered());
    amount(to, "queued", balance.queued());
    amount(to, "dropped", balance.dropped());
    amount(to, "deadLettered", balance.deadLettered());
    amount(to, "difference", balance.difference());
  }

  private static void amount(ObjectNode to, String name, Amount amount) {
    to.putObject(name).put("records", amount.records()).put("bytes", amount.bytes());
  }

  private static void line(ObjectNode to, Line line) {
    to.put("input", line.source().input().toString())
        .put("origin", line.source().origin().toString())
        .put("result", line.account().toString())
        .put("reason", line.reason())
        .put("records", line.amount().records())
        .put("bytes", line.amount().bytes());
  }

  private void condition(ObjectNode to, PipelineId id) {
    List<Difference> found =
        node.ledgerCheck().differences().stream()
            .filter(difference -> difference.pipeline().equals(id.withoutUid()))
            .toList();
    to.put("type", "RecordsAccountedFor");
    to.put("status", found.isEmpty() ? "True" : "False");
    to.put("reason", found.isEmpty() ? "Balanced" : "Difference");
    to.put("message", found.isEmpty() ? "" : message(found));
  }

  private static String message(List<Difference> found) {
    Amount sum = found.stream().map(Difference::amount).reduce(Amount.NONE, Amount::plus);
    return "%d records and %d bytes are not accounted for (negative: counted twice); please report it"
        .formatted(sum.records(), sum.bytes());
  }
}
