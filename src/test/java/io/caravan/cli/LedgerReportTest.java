/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.deadletters.DeadLetter;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.node.Node;
import io.caravan.node.NodeSettings;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.PipelineBook;
import io.caravan.observe.ledger.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the status says of a pipeline's records. */
class LedgerReportTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");

  @TempDir private Path data;
  private Journal journal;
  private DeadLetters letters;
  private Node node;

  @BeforeEach
  void open() throws IOException {
    journal =
        Journal.open(
            DiskFolder.at(data.resolve("journal")),
            JournalSettings.of(1 << 30).withFreePercent(0),
            JournalListener.NONE);
    letters =
        DeadLetters.open(
            DiskFolder.at(data.resolve("dead-letters")),
            DeadLetterSettings.DEFAULT,
            DeadLetterListener.NONE);
    NodeSettings settings =
        new NodeSettings(
            data,
            "127.0.0.1",
            0,
            0,
            Duration.ofSeconds(1),
            64L << 20,
            16L << 20,
            Duration.ofSeconds(1),
            Map.of());
    node = new Node(settings, new SimpleMeterRegistry(), journal, letters);
  }

  @AfterEach
  void close() {
    node.close();
    letters.close();
    journal.close();
  }

  @Test
  void shouldSayWhatBecameOfTheRecordsOfThePipelineOfThatName() throws IOException {
    PipelineBook book = node.ledger().book(DEMO);
    book.accepted(Source.OTLP, new Amount(10, 1000));
    book.queued(Source.OTLP, new Amount(2, 200));
    book.delivered(Source.OTLP, new Amount(5, 500));
    book.dropped(Source.OTLP, "journal_full", new Amount(3, 300));
    bury("tracepipeline/demo", 4);

    // Another that has the name now: people call both the same.
    JsonNode pipeline = report("{\"pipeline\": \"tracepipeline/demo\", \"uid\": \"2\"}");

    JsonNode ledger = pipeline.path("ledger");
    assertThat(amount(ledger.path("accepted"))).isEqualTo(new Amount(10, 1000));
    assertThat(amount(ledger.path("queued"))).isEqualTo(new Amount(2, 200));
    assertThat(amount(ledger.path("delivered"))).isEqualTo(new Amount(5, 500));
    assertThat(amount(ledger.path("dropped"))).isEqualTo(new Amount(3, 300));
    assertThat(amount(ledger.path("deadLettered"))).isEqualTo(Amount.NONE);
    assertThat(amount(ledger.path("difference"))).isEqualTo(Amount.NONE);
    assertThat(ledger.has("oldest")).as("nothing is in the journal").isFalse();
    assertThat(ledger.path("lines"))
        .anySatisfy(
            line -> {
              assertThat(line.path("reason").asText()).isEqualTo("journal_full");
              assertThat(line.path("result").asText()).isEqualTo("dropped");
              assertThat(line.path("origin").asText()).isEqualTo("live");
              assertThat(line.path("records").asLong()).isEqualTo(3);
            });
    assertThat(pipeline.at("/deadLetters/letters").asLong()).isEqualTo(1);
    assertThat(pipeline.at("/deadLetters/records").asLong()).isEqualTo(4);
    assertThat(pipeline.at("/accounted/status").asText()).isEqualTo("True");
    assertThat(pipeline.at("/accounted/reason").asText()).isEqualTo("Balanced");
  }

  @Test
  void shouldSayHowMuchIsNotAccountedFor() throws IOException {
    node.ledger().book(DEMO).accepted(Source.OTLP, new Amount(10, 1000));
    node.ledger().book(DEMO).delivered(Source.OTLP, new Amount(7, 600));
    node.ledgerCheck().run();

    JsonNode condition = report("{\"pipeline\": \"tracepipeline/demo\"}").path("accounted");

    assertThat(condition.path("type").asText()).isEqualTo("RecordsAccountedFor");
    assertThat(condition.path("status").asText()).isEqualTo("False");
    assertThat(condition.path("reason").asText()).isEqualTo("Difference");
    assertThat(condition.path("message").asText()).contains("3 records and 400 bytes");
    assertThat(report("{\"pipeline\": \"tracepipeline/other\"}").at("/accounted/status").asText())
        .as("another's difference")
        .isEqualTo("True");
  }

  @Test
  void shouldSayOfAPipelineWithoutRecordsThatItIsBalanced() throws IOException {
    JsonNode pipeline = report("{\"pipeline\": \"logpipeline/quiet\"}");

    assertThat(pipeline.path("ledger").path("lines")).isEmpty();
    assertThat(pipeline.at("/deadLetters/letters").asLong()).isZero();
    assertThat(pipeline.at("/accounted/status").asText()).isEqualTo("True");
  }

  private JsonNode report(String pipeline) throws IOException {
    JsonNode pipelines = new ObjectMapper().readTree("[" + pipeline + "]");
    new LedgerReport(node, letters).addTo(pipelines);
    return pipelines.get(0);
  }

  private static Amount amount(JsonNode amount) {
    return new Amount(amount.path("records").asLong(), amount.path("bytes").asLong());
  }

  private void bury(String pipeline, int records) {
    CompletableFuture<Optional<IOException>> stored = new CompletableFuture<>();
    letters.add(
        pipeline,
        new DeadLetter(
            new DeadLetterHeader(
                "refused",
                "INTERNAL",
                "no",
                Instant.EPOCH,
                Instant.now(),
                (byte) 0,
                (byte) 1,
                records),
            Unpooled.copyInt(7)),
        cause -> stored.complete(Optional.ofNullable(cause)));
    assertThat(stored.join()).isEmpty();
  }
}
