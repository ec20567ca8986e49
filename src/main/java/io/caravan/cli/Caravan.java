/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.node.AtStop;
import io.caravan.otlp.tls.TrustBundle;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program. */
@Command(
    name = "caravan",
    description = {
      "Telemetry pipelines: receives OTLP and delivers it wherever a LogPipeline, TracePipeline or MetricPipeline says, through Apache Camel.",
    },
    subcommands = {
      RunCommand.class,
      GatewayCommand.class,
      ManagerCommand.class,
      ValidateCommand.class,
      RenderCommand.class,
      StatusCommand.class,
      JournalCommand.class,
      DeadLettersCommand.class,
      ReplayCommand.class,
      CompletionCommand.class,
      TrainingCommand.class,
      OwnDataCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:failure, or a finding",
      "2:wrong usage, or nothing valid to work on",
      "3:status, dead-letters, replay: no process answers"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan run deploy/quickstart",
      "  caravan validate pipelines/",
      "  caravan help run"
    })
public final class Caravan implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    ContainerMemory.divide();
    int code = ExitCode.FAILURE;
    try {
      var _ = TrustBundle.install(System.getenv()); // for as long as the process lives
      code = commandLine(System.getenv()).execute(args);
    } catch (Error e) {
      // picocli takes exceptions alone, and threads that are up by then would keep the JVM alive.
      LoggerFactory.getLogger("caravan")
          .error("This should not have happened; please report it", e);
    } finally {
      System.exit(code);
    }
  }

  /** The command line, with options' defaults from an environment. */
  static CommandLine commandLine(Map<String, String> environment) {
    EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
    CommandLine root = new CommandLine(new Caravan());
    root.setDefaultValueProvider(defaults);
    root.setParameterExceptionHandler(new UsageErrors(defaults));
    root.setExecutionExceptionHandler(new Failures());
    word(root, Logging.Format.class);
    word(root, Logging.Verbosity.class);
    word(root, AtStop.class);
    word(root, StatusCommand.Output.class);
    word(root, JournalCommand.Action.class);
    word(root, CompletionCommand.Shell.class);
    root.setUsageHelpWidth(110);
    root.setUsageHelpLongOptionsMaxWidth(34);
    return root;
  }

  private static <E extends Enum<E>> void word(CommandLine root, Class<E> type) {
    root.registerConverter(type, Values.wordOf(type));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
