/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.observe.ControlSocket;
import io.caravan.standalone.DataFolder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  private static final String GOOD =
      """
      {"process": {"pid": 42, "folder": "/pipelines", "started": "2026-01-01T00:00:00Z", "bind": "127.0.0.1",
                   "grpcPort": 4317, "httpPort": 4318, "adminPort": 8888},
       "pipelines": [{"pipeline": "tracepipeline/demo", "healthy": true, "running": "0123456789ab",
                      "delivers": "console-sink"}],
       "findings": []}
      """;

  @TempDir Path data;

  @Test
  void shouldSayThatNoProcessAnswers() {
    Answer answer = Answer.to("status", "--data", data.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.NOT_RUNNING);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).startsWith("caravan: no process answers for the data folder " + data);
    assertThat(answer.err().lines()).hasSize(1);
  }

  @Test
  void shouldSayThatTheProcessIsGoneWhenItsSocketIsStillThere() throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(DataFolder.controlSocket(data)));
    }

    Answer answer = Answer.to("status", "--data", data.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.NOT_RUNNING);
    assertThat(answer.err()).contains(data.toString(), "Connection refused");
  }

  @Test
  void shouldPrintATableWhenAllIsWell() throws IOException {
    Answer answer = status(() -> json(GOOD));

    assertThat(answer.code()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .isEqualToNormalizingNewlines(
            """
            pid 42, running /pipelines since 2026-01-01T00:00:00Z
            listens on 127.0.0.1: gRPC 4317, HTTP 4318, admin 8888

            PIPELINE            RUNNING       DELIVERS      STATE
            tracepipeline/demo  0123456789ab  console-sink  ok
            """);
  }

  @Test
  void shouldPrintJsonForMachines() throws IOException {
    Answer answer = status(() -> json(GOOD), "--output", "json");

    assertThat(answer.code()).isZero();
    assertThat(json(answer.out())).isEqualTo(json(GOOD));
  }

  @Test
  void shouldEndWithOneAndTheReasonWhenAPipelineDoesNotRun() throws IOException {
    Answer answer =
        status(
            () ->
                json(
                    GOOD.replace(
                        "\"healthy\": true, \"running\": \"0123456789ab\",",
                        "\"healthy\": false, \"condition\": {\"reason\": \"SecretMissing\", \"message\": \"no backend\"},")));

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out()).contains("does not run: SecretMissing: no backend");
  }

  @Test
  void shouldSayWhatDeletedPipelinesStillHaveToDeliverAndWhyTheyDoNot() throws IOException {
    String deleted =
        """
        {"pipeline": "tracepipeline/old", "deliversUntil": "2026-01-01T00:10:00.123456Z", "records": %d,
         "delivers": "console-sink", %s}
        """;
    String failing = "\"failing\": {\"code\": \"UNAVAILABLE\", \"message\": \"refused\"}";
    String all =
        deleted.formatted(7, failing) + "," + deleted.formatted(8, "\"trouble\": \"no Secret\"");

    Answer answer =
        status(
            () -> json(GOOD.replace("\"findings\"", "\"deleted\": [" + all + "], \"findings\"")));

    assertThat(answer.code()).as("nobody has asked for it any more").isZero();
    assertThat(answer.out())
        .contains(
            "deleted: tracepipeline/old has 7 records for console-sink until 2026-01-01T00:10:00Z:"
                + " UNAVAILABLE: refused",
            "deleted: tracepipeline/old has 8 records for console-sink until 2026-01-01T00:10:00Z,"
                + " and cannot deliver them: no Secret");
  }

  @Test
  void shouldSayThatAPipelineRunsAndDoesNotDeliver() throws IOException {
    Answer answer =
        status(
            () ->
                json(
                    GOOD.replace(
                        "\"healthy\": true,",
                        "\"healthy\": true, \"failing\": {\"since\": \"2026-01-01T00:00:00Z\", \"code\": \"UNAVAILABLE\", \"message\": \"Connection refused\"},")));

    assertThat(answer.code()).isZero();
    assertThat(answer.out())
        .contains("not delivering since 2026-01-01T00:00:00Z: UNAVAILABLE: Connection refused");
  }

  @Test
  void shouldSayWhatIsRetainedForReplay() throws IOException {
    Answer answer =
        status(
            () ->
                json(
                    GOOD.replace(
                        "\"healthy\": true,",
                        "\"healthy\": true, \"retained\": {\"records\": 12, \"bytes\": 3456, \"oldest\": \"2026-01-01T00:00:00.123Z\"},")));

    assertThat(answer.out())
        .contains(
            "retained: tracepipeline/demo has 12 records, 3456 bytes for 'caravan replay', the oldest of 2026-01-01T00:00:00Z");
  }

  @Test
  void shouldSayThatRecordsAreNotAccountedFor() throws IOException {
    Answer answer =
        status(
            () ->
                json(
                    GOOD.replace(
                        "\"healthy\": true,",
                        "\"healthy\": true, \"accounted\": {\"status\": \"False\", \"message\": \"3 records are not accounted for\"},")));

    assertThat(answer.out()).contains("console-sink  3 records are not accounted for");
  }

  @Test
  void shouldSayThatAnEarlierVersionRuns() throws IOException {
    Answer answer =
        status(
            () ->
                json(
                    GOOD.replace(
                        "\"healthy\": true,",
                        "\"healthy\": false, \"loadError\": \"no such bean\",")));

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out()).contains("0123456789ab", "earlier version runs: no such bean");
  }

  @Test
  void shouldEndWithOneWhenAManifestHasAnErrorAndWithZeroOnAWarning() throws IOException {
    String finding =
        "\"findings\": [{\"severity\": \"%s\", \"location\": \"a.yaml:1:2\", \"path\": \"spec\", \"message\": \"is wrong\"}]";
    Answer error = status(() -> json(GOOD.replace("\"findings\": []", finding.formatted("ERROR"))));
    Answer warning =
        status(() -> json(GOOD.replace("\"findings\": []", finding.formatted("WARNING"))));

    assertThat(error.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(error.out())
        .contains("ERROR a.yaml:1:2: spec: is wrong")
        .endsWith(System.lineSeparator());
    assertThat(warning.code()).isZero();
    assertThat(warning.out()).contains("WARNING a.yaml:1:2: spec: is wrong");
  }

  @Test
  void shouldNotSayThatNobodyAnswersWhenTheAnswerIsAnError() throws IOException {
    Answer answer =
        status(
            () -> {
              throw new IOException("the journal cannot be read");
            });

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.err())
        .contains("the journal cannot be read")
        .doesNotContain("no process answers");
  }

  @Test
  void shouldFindTheDataFolderInTheEnvironment() throws IOException {
    try (ControlSocket socket =
        ControlSocket.open(DataFolder.controlSocket(data), Map.of("status", _ -> json(GOOD)))) {
      assertThat(socket).isNotNull();
      assertThat(Answer.with(Map.of("CARAVAN_DATA", data.toString()), "status").code()).isZero();
    }
  }

  private Answer status(Callable<JsonNode> status, String... flags) throws IOException {
    try (ControlSocket socket =
        ControlSocket.open(DataFolder.controlSocket(data), Map.of("status", _ -> status.call()))) {
      assertThat(socket).isNotNull();
      String[] arguments = new String[flags.length + 3];
      arguments[0] = "status";
      arguments[1] = "--data";
      arguments[2] = data.toString();
      System.arraycopy(flags, 0, arguments, 3, flags.length);
      return Answer.to(arguments);
    }
  }

  private static JsonNode json(String text) throws IOException {
    return new JsonMapper().readTree(text);
  }
}
