/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.observe.ControlClient;
import io.caravan.observe.ControlRefusedException;
import io.caravan.standalone.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caravan status}: asks a running process how its pipelines fare. */
@Command(
    name = "status",
    description = {
      "Asks the process that works on a data folder what runs, where it delivers and what is wrong.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every pipeline runs as its manifest says",
      "1:one does not, or a manifest has an error",
      "2:wrong usage",
      "3:no process answers"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  caravan status", "  caravan status --data /var/lib/caravan --output json"})
final class StatusCommand implements Callable<Integer> {

  enum Output {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".caravan",
      description =
          "The data folder of the process. Default: ${DEFAULT-VALUE} in the working folder. Environment: CARAVAN_DATA.")
  private Path data = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_OUTPUT.")
  private Output output = Output.TEXT;

  @Override
  public Integer call() throws CommandFailure {
    JsonNode status = ask();
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case JSON -> out.println(status.toPrettyString());
      case TEXT -> out.print(new StatusTable(status));
    }
    out.flush();
    boolean wrong =
        StreamSupport.stream(status.path("findings").spliterator(), false)
            .anyMatch(finding -> finding.path("severity").asText().equals("ERROR"));
    boolean healthy =
        StreamSupport.stream(status.path("pipelines").spliterator(), false)
            .allMatch(pipeline -> pipeline.path("healthy").asBoolean());
    return healthy && !wrong ? ExitCode.OK : ExitCode.FAILURE;
  }

  private JsonNode ask() throws CommandFailure {
    try {
      return ControlClient.ask(DataFolder.controlSocket(data), "status");
    } catch (ControlRefusedException e) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "the process of the data folder %s answered: %s".formatted(data, e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.NOT_RUNNING,
          "no process answers for the data folder %s (%s); is one running with this --data?"
              .formatted(data, e.getMessage()));
    }
  }
}
