/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.ReplayControl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caravan dead-letters}: looks at what no backend took. */
@Command(
    name = "dead-letters",
    description = {
      "Lists, shows, replays and purges what was refused for good or has expired, in the process that works on a data folder or, with --cluster, in all gateways of a cluster. There an id is one of a pod's, which --pod names.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:not done", "2:wrong usage", "3:no process answers"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan dead-letters ls",
      "  caravan dead-letters ls tracepipeline/demo",
      "  caravan dead-letters show tracepipeline/demo@100000040 --payload letter.pb",
      "  caravan dead-letters replay --pipeline tracepipeline/demo",
      "  caravan dead-letters replay --pipeline tracepipeline/demo tracepipeline/demo@100000040",
      "  caravan dead-letters purge tracepipeline/demo",
      "  caravan dead-letters ls tracepipeline/demo --cluster"
    })
final class DeadLettersCommand implements Runnable {
  private static final List<String> OF_A_PROCESS =
      List.of("id", "buried", "reason", "code", "records", "bytes", "message");
  private static final List<String> OF_PODS =
      Stream.concat(Stream.of("pod"), OF_A_PROCESS.stream()).toList();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: ls, show, replay or purge");
  }

  private static ObjectNode request(String command) {
    return JsonNodeFactory.instance.objectNode().put("command", command);
  }

  @Command(
      name = "ls",
      description = "Lists pipelines that have dead letters, or the letters of one, oldest first.")
  int list(
      @Mixin RunningProcess process,
      @Parameters(
              arity = "0..1",
              paramLabel = "PIPELINE",
              description = "Such as tracepipeline/demo. Without it, all pipelines are counted.")
          @Nullable String pipeline,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description =
                  "How many letters at most, up to 10000. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_LIMIT.")
          int limit)
      throws CommandFailure {
    ObjectNode request = request(DeadLetterControl.LIST);
    if (pipeline == null) {
      print(
          process.ask(request).path("pipelines"),
          List.of("pipeline", "letters", "records", "bytes"));
      return process.code(ExitCode.OK);
    }
    JsonNode answer = process.ask(request.put("pipeline", pipeline).put("limit", limit));
    JsonNode letters = answer.path("letters");
    if (letters.isEmpty()) {
      return process.code(none(pipeline));
    }
    print(letters, process.isCluster() ? OF_PODS : OF_A_PROCESS);
    long more = answer.path("all").path("letters").asLong() - letters.size();
    if (more > 0) {
      out().println("and %d more; --limit shows more of them".formatted(more));
    }
    return process.code(ExitCode.OK);
  }

  @Command(name = "show", description = "Shows one dead letter.")
  int show(
      @Mixin RunningProcess process,
      @Parameters(paramLabel = "ID", description = "As ls prints it.") String id,
      @Option(
              names = "--payload",
              paramLabel = "FILE",
              description =
                  "Writes the OTLP request, in Protobuf, to a new file. Default: none. Environment: CARAVAN_PAYLOAD.")
          @Nullable Path file)
      throws CommandFailure {
    JsonNode letter = process.ask(request(DeadLetterControl.SHOW).put("id", id));
    Set<String> notShown = Set.of("payload", "pods");
    letter
        .properties()
        .forEach(
            field -> {
              if (!notShown.contains(field.getKey())) {
                out().println("%-9s %s".formatted(field.getKey() + ":", oneLine(field.getValue())));
              }
            });
    if (file != null) {
      try {
        Files.write(file, letter.path("payload").binaryValue(), StandardOpenOption.CREATE_NEW);
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.FAILURE, "the payload cannot be written to a new file: " + e);
      }
    }
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      name = "replay",
      description = {
        "Sends dead letters again: each goes into the backlog of its pipeline as newly accepted data, and is a dead letter no more when it is on disk there. What is refused again is a dead letter again.",
        "Waits until all are there; meanwhile live data goes first. Ctrl-C stops the replay.",
        ""
      })
  int replay(
      @Mixin RunningProcess process,
      @Option(
              names = "--pipeline",
              required = true,
              paramLabel = "PIPELINE",
              description =
                  "Whose letters, such as tracepipeline/demo. Default: none; one has to be named. Environment: CARAVAN_PIPELINE.")
          String pipeline,
      @Parameters(
              arity = "0..*",
              paramLabel = "ID",
              description = "Letters as ls prints them. Default: all that are there now.")
          @Nullable List<String> ids)
      throws CommandFailure {
    ObjectNode request = request(ReplayControl.DEAD_LETTERS).put("pipeline", pipeline);
    if (ids != null) {
      ArrayNode some = request.putArray("ids");
      ids.forEach(some::add);
    }
    return new RunningReplay(process, out(), spec.commandLine().getErr()).follow(request);
  }

  @Command(name = "purge", description = "Gives up all dead letters of a pipeline, for good.")
  int purge(
      @Mixin RunningProcess process,
      @Parameters(paramLabel = "PIPELINE", description = "Such as tracepipeline/demo.")
          String pipeline)
      throws CommandFailure {
    JsonNode gone = process.ask(request(DeadLetterControl.PURGE).put("pipeline", pipeline));
    if (gone.path("letters").asLong() == 0) {
      return process.code(none(pipeline));
    }
    out()
        .println(
            "purged %d dead letters of %s: %d records, %d bytes"
                .formatted(
                    gone.path("letters").asLong(),
                    pipeline,
                    gone.path("records").asLong(),
                    gone.path("bytes").asLong()));
    out().flush();
    return process.code(ExitCode.OK);
  }

  /** No failure: a script may purge twice. A name that was mistyped shows all the same. */
  private int none(String pipeline) {
    out()
        .println(
            "there are no dead letters of '%s'; 'caravan dead-letters ls' shows who has any"
                .formatted(pipeline));
    out().flush();
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void print(JsonNode rows, List<String> columns) {
    TextTable table = new TextTable(columns);
    rows.forEach(
        row -> table.add(columns.stream().map(column -> oneLine(row.path(column))).toList()));
    out().print(table);
    out().flush();
  }

  /** A backend says what it likes; a terminal is not to obey it. */
  private static String oneLine(JsonNode value) {
    return value.asText().replaceAll("\\p{Cntrl}", " ");
  }
}
