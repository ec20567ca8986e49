/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives every option its environment variable: {@code --grpc-port} is {@code CARAVAN_GRPC_PORT}.
 * The command line wins over the variable, and the variable over the option's own default. An empty
 * variable counts as none, as in OpenTelemetry's specification: {@code CARAVAN_DATA=} must not mean
 * the working folder.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment =
        environment.entrySet().stream()
            .filter(variable -> !variable.getValue().isEmpty())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()
        ? environment.get(variable(option))
        : null;
  }

  /** The variable that gives an option its value. */
  static String variable(OptionSpec option) {
    return "CARAVAN_" + longest(option).substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * Whether the value in effect is the variable's: it is set, and the command line has no such
   * option.
   */
  boolean decides(OptionSpec option, String[] arguments) {
    return environment.containsKey(variable(option))
        && Arrays.stream(arguments)
            .noneMatch(
                argument ->
                    Arrays.stream(option.names())
                        .anyMatch(
                            name -> argument.equals(name) || argument.startsWith(name + "=")));
  }

  private static String longest(OptionSpec option) {
    return Arrays.stream(option.names()).max(Comparator.comparingInt(String::length)).orElseThrow();
  }
}
