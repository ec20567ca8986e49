/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.ReplayControl;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan replay}: sends what was delivered again. */
@Command(
    name = "replay",
    description = {
      "Sends what a pipeline has delivered and retains (spec.delivery.retain) again, to it or to another pipeline of the same signal, in the process that works on a data folder or, with --cluster, in all gateways of a cluster.",
      "",
      "It goes into that pipeline's backlog as newly accepted data, whatever the pipeline selects of what is received. The command waits until all is there, and live data goes first. Ctrl-C stops the replay and says how far it came.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is in the backlog",
      "1:not all is",
      "2:wrong usage",
      "3:no process answers",
      "130:stopped by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan replay --pipeline tracepipeline/demo",
      "  caravan replay --pipeline tracepipeline/demo --to tracepipeline/new --from 2h --until 30m",
      "  caravan replay --pipeline logpipeline/audit --from 2026-11-21T08:00:00Z --namespace shop --rate 5000",
      "  caravan replay --cluster --pipeline tracepipeline/demo --from 2h"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private RunningProcess process = new RunningProcess();

  @Option(
      names = "--pipeline",
      required = true,
      paramLabel = "PIPELINE",
      description =
          "Whose data, such as tracepipeline/demo. Default: none; one has to be named. Environment: CARAVAN_PIPELINE.")
  private String pipeline = "";

  @Option(
      names = "--to",
      paramLabel = "PIPELINE",
      description = "Who gets it. Default: the same pipeline. Environment: CARAVAN_TO.")
  private @Nullable String to;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Values.Moment.class,
      description =
          "What came at this time or later: RFC 3339, or how long ago, such as 90m. Default: all that is there. Environment: CARAVAN_FROM.")
  private @Nullable Instant from;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Values.Moment.class,
      description =
          "What came before this time, in the same forms. Default: now. Environment: CARAVAN_UNTIL.")
  private @Nullable Instant until;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description =
          "Only resources whose k8s.namespace.name this is. Default: all. Environment: CARAVAN_NAMESPACE.")
  private @Nullable String namespace;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "At most so many records a second, in a cluster on each node. Default: as many as the pipeline takes. Environment: CARAVAN_RATE.")
  private @Nullable Integer rate;

  @Override
  public Integer call() throws CommandFailure {
    Instant end = until == null ? Instant.now() : until;
    if (from != null && !from.isBefore(end)) {
      throw new ParameterException(
          spec.commandLine(), "--from (%s) has to be before --until (%s)".formatted(from, end));
    }
    if (rate != null && rate < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rate is %d; a number above 0 is expected".formatted(rate));
    }
    ObjectNode request =
        JsonNodeFactory.instance
            .objectNode()
            .put("command", ReplayControl.RETAINED)
            .put("pipeline", pipeline)
            .put("to", to == null ? pipeline : to)
            .put("from", from == null ? null : from.toString())
            .put("until", until == null ? null : until.toString())
            .put("namespace", namespace)
            .put("rate", rate);
    return new RunningReplay(process, spec.commandLine().getOut(), spec.commandLine().getErr())
        .follow(request);
  }
}
