/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.observe.ControlClient;
import io.caravan.observe.ControlRefusedException;
import io.caravan.standalone.DataFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of all commands that ask what runs, a process or a cluster, and the asking. */
final class RunningProcess {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".caravan",
      description =
          "The data folder of the process. Default: ${DEFAULT-VALUE} in the working folder. Environment: CARAVAN_DATA.")
  private Path data = Path.of("");

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  private @Nullable ManagerClient manager;
  private final Set<String> silent = new HashSet<>();

  /** The result of a request, which has the field {@code command}. */
  JsonNode ask(ObjectNode request) throws CommandFailure {
    return cluster.isAsked() ? askCluster(request) : askProcess(request);
  }

  /** Whether the answers are those of several pods. */
  boolean isCluster() {
    return cluster.isAsked();
  }

  /** How long to wait before one asks again how far something is. */
  Duration pace() {
    return Duration.ofMillis(cluster.isAsked() ? 1000 : 100);
  }

  /** How a command ends that would end so if all had answered. */
  int code(int complete) {
    return complete == ExitCode.OK && !silent.isEmpty() ? ExitCode.FAILURE : complete;
  }

  private JsonNode askCluster(ObjectNode request) throws CommandFailure {
    ManagerClient asked = manager;
    if (asked == null) {
      asked = cluster.manager();
      manager = asked;
    }
    cluster.pod().ifPresent(pod -> request.put("pod", pod));
    JsonNode answer = asked.ask(request);
    for (JsonNode each : answer.path("pods")) {
      String pod = each.path("pod").asText();
      if (each.hasNonNull("error") && silent.add(pod) && command != null) {
        command
            .commandLine()
            .getErr()
            .println("caravan: without pod %s: %s".formatted(pod, each.path("error").asText()));
        command.commandLine().getErr().flush();
      }
    }
    return answer;
  }

  private JsonNode askProcess(ObjectNode request) throws CommandFailure {
    try {
      return ControlClient.ask(DataFolder.controlSocket(data), request);
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
