/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.schema.DidYouMean;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line in a line or two, instead of printing the whole help; and
 * names the environment variable where the wrong value came from there.
 */
record UsageErrors(EnvironmentDefaults environment) implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String message = message(e);
    if (e.getArgSpec() instanceof OptionSpec option && environment.decides(option, arguments)) {
      message = "environment variable " + EnvironmentDefaults.variable(option) + ": " + message;
    }
    err.println("caravan: " + message);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static String message(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(e.getMessage());
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String found = unmatched.getUnmatched().getFirst();
    if (found.startsWith("-")) {
      String name = found.replaceFirst("=.*", "");
      return "unknown option '%s'%s".formatted(name, DidYouMean.hint(name, visible(command)));
    }
    if (!command.subcommands().isEmpty()) {
      List<String> commands =
          command.subcommands().values().stream()
              .map(CommandLine::getCommandSpec)
              .filter(one -> !one.usageMessage().hidden())
              .map(CommandSpec::name)
              .toList();
      String hint = DidYouMean.hint(found, commands);
      return "unknown command '%s'%s"
          .formatted(found, hint.isEmpty() ? "; there are " + String.join(", ", commands) : hint);
    }
    return "'%s' is one argument too many".formatted(found);
  }

  private static List<String> visible(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .flatMap(option -> Arrays.stream(option.names()))
        .toList();
  }
}
