/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class HelpTest {
  private static final CommandLine ROOT = Caravan.commandLine(Map.of());

  private static Stream<CommandSpec> commands() {
    return ROOT.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden() && !command.name().equals("help"));
  }

  private static Stream<OptionSpec> options() {
    return commands()
        .flatMap(command -> command.options().stream())
        .filter(option -> !option.usageHelp() && !option.versionHelp());
  }

  private static Stream<PositionalParamSpec> parameters() {
    return commands().flatMap(command -> command.positionalParameters().stream());
  }

  @Test
  void shouldListEveryCommandWithAWordOnEach() {
    Answer help = Answer.to("--help");

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out())
        .containsPattern("(?m)^ +run +\\S")
        .containsPattern("(?m)^ +validate +\\S")
        .containsPattern("(?m)^ +render +\\S")
        .containsPattern("(?m)^ +status +\\S")
        .containsPattern("(?m)^ +journal +\\S")
        .containsPattern("(?m)^ +dead-letters +\\S")
        .containsPattern("(?m)^ +replay +\\S")
        .containsPattern("(?m)^ +completion +\\S")
        .doesNotContain("training");
  }

  @Test
  void shouldListTheExitCodesThatTheProgramUses() {
    assertThat(ROOT.getCommandSpec().usageMessage().exitCodeList().keySet())
        .containsExactlyInAnyOrder(
            Integer.toString(ExitCode.OK),
            Integer.toString(ExitCode.FAILURE),
            Integer.toString(ExitCode.USAGE),
            Integer.toString(ExitCode.NOT_RUNNING));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldTellOfACommandWhatItDoesHowItEndsAndHowToUseIt(CommandSpec command) {
    Answer help = Answer.to(command.name(), "--help");

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: caravan " + command.name());
    assertThat(help.out()).contains("Exit codes:", "Examples:", "--help", "--version");
    assertThat(help.out()).doesNotContain("${");
    assertThat(help.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    assertThat(command.usageMessage().description()).isNotEmpty();
    assertThat(command.usageMessage().exitCodeList()).containsKeys("0", "2");
  }

  @ParameterizedTest
  @MethodSource("options")
  void shouldDescribeAnOptionWithItsDefaultAndItsVariable(OptionSpec option) {
    String description = String.join(" ", option.description());

    assertThat(description).contains("Default: ");
    assertThat(description).contains("Environment: " + EnvironmentDefaults.variable(option));
    assertThat(option.paramLabel()).doesNotContain("<");
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void shouldDescribeAParameter(PositionalParamSpec parameter) {
    assertThat(String.join(" ", parameter.description())).isNotBlank();
    assertThat(parameter.paramLabel()).doesNotContain("<");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "validate", "render", "status", "journal", "replay", "completion"})
  void shouldHelpInBothWaysAlike(String command) {
    assertThat(Answer.to("help", command).out()).isEqualTo(Answer.to(command, "--help").out());
  }

  @Test
  void shouldPrintItsVersionAndTheJavaUnderIt() {
    Answer version = Answer.to("--version");

    assertThat(version.code()).isZero();
    assertThat(version.out()).matches("caravan \\S+\\RJava 25\\S*, .+\\R");
    assertThat(Answer.to("run", "--version")).isEqualTo(version);
  }
}
