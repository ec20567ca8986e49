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
import picocli.CommandLine.Option;

/** The option of all commands that ask a running process, and the asking. */
final class RunningProcess {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".caravan",
      description =
          "The data folder of the process. Default: ${DEFAULT-VALUE} in the working folder. Environment: CARAVAN_DATA.")
  private Path data = Path.of("");

  /** The result of a request, which has the field {@code command}. */
  JsonNode ask(ObjectNode request) throws CommandFailure {
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
