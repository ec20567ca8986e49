/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caravan status}: asks a running process how its pipelines fare. */
@Command(
    name = "status",
    description = {
      "Asks the process that works on a data folder, or the gateways of a cluster, what runs, where it delivers and what is wrong.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every pipeline runs as its manifest says",
      "1:one does not, or a manifest has an error, or a gateway does not answer",
      "2:wrong usage",
      "3:no process answers"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan status",
      "  caravan status --data /var/lib/caravan --output json",
      "  caravan status --cluster",
      "  caravan status --kubeconfig admin.yaml --pod telemetry-otlp-gateway-x7k2p"
    })
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

  @Mixin private RunningProcess process = new RunningProcess();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_OUTPUT.")
  private Output output = Output.TEXT;

  @Override
  public Integer call() throws CommandFailure {
    JsonNode status = process.ask(JsonNodeFactory.instance.objectNode().put("command", "status"));
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
    return process.code(healthy && !wrong ? ExitCode.OK : ExitCode.FAILURE);
  }
}
