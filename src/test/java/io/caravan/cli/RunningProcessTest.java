/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole process in this JVM, and the commands and requests that ask it. */
class RunningProcessTest {
  private static final String PIPELINE =
      """
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: TracePipeline
      metadata:
        name: demo
      spec:
        output:
          kamelet:
            name: file-sink
      """;

  @TempDir Path base;
  private Path pipelines = Path.of("");
  private Path data = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    pipelines = Files.createDirectory(base.resolve("pipelines"));
    data = base.resolve("data");
  }

  @Test
  void shouldAnswerStatusAndProbesUntilItIsClosed() throws Exception {
    Files.writeString(pipelines.resolve("demo.yaml"), PIPELINE);

    try (ProcessParts parts = new ProcessParts()) {
      CaravanProcess process = started(parts);
      Answer text = Answer.to("status", "--data", data.toString());
      Answer json = Answer.to("status", "--data", data.toString(), "--output=json");

      assertThat(text.code()).as(text.err()).isZero();
      assertThat(text.out()).containsPattern("tracepipeline/demo +[0-9a-f]+ +\\S.* ok");
      JsonNode status = new JsonMapper().readTree(json.out());
      assertThat(status.path("process").path("pid").asLong())
          .isEqualTo(ProcessHandle.current().pid());
      assertThat(status.path("process").path("httpPort").asInt()).isEqualTo(process.httpPort());
      int admin = status.path("process").path("adminPort").asInt();
      assertThat(get(admin, "/readyz").body()).isEqualTo("ready\n");
      assertThat(get(admin, "/metrics").body()).contains("caravan_");

      CommandFailure second = failure();
      assertThat(second.code()).isEqualTo(ExitCode.FAILURE);
      assertThat(second)
          .hasMessageContainingAll(
              data.toString(), Long.toString(ProcessHandle.current().pid()), "--data");
    }

    assertThat(Answer.to("status", "--data", data.toString()).code())
        .isEqualTo(ExitCode.NOT_RUNNING);
    assertThat(data.resolve("caravan.sock")).doesNotExist();
  }

  @Test
  void shouldEndWithTwoWhenTheFolderIsNone() {
    assertThat(failure("--kamelets=" + base + "/no"))
        .hasMessage("there is no folder " + base + "/no")
        .extracting(CommandFailure::code)
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void shouldEndWithTwoWhenTheFolderIsAFile() throws IOException {
    Path file = Files.writeString(base.resolve("file.yaml"), PIPELINE);

    assertThat(failure("--kamelets=" + file))
        .hasMessage(file + " is a file; a folder with manifests is expected");
  }

  @Test
  void shouldEndWithTwoWhenTheFolderIsEmptyAndLeaveTheDataFolderFree() {
    assertThat(failure()).hasMessageContaining("holds no manifest of a pipeline");
    assertThat(failure()).hasMessageContaining("holds no manifest of a pipeline");
  }

  private CommandFailure failure(String... more) {
    try (ProcessParts parts = new ProcessParts()) {
      return catchThrowableOfType(CommandFailure.class, () -> started(parts, more));
    }
  }

  private CaravanProcess started(ProcessParts parts, String... more) throws Exception {
    CaravanProcess process = new CaravanProcess(options(more), parts);
    process.start();
    return process;
  }

  private RunOptions options(String... more) {
    RunOptions options = new RunOptions();
    String[] arguments = new String[more.length + 5];
    arguments[0] = "--grpc-port=0";
    arguments[1] = "--http-port=0";
    arguments[2] = "--admin-port=0";
    arguments[3] = "--data=" + data;
    arguments[4] = pipelines.toString();
    System.arraycopy(more, 0, arguments, 5, more.length);
    new CommandLine(options).parseArgs(arguments);
    return options;
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    }
  }
}
