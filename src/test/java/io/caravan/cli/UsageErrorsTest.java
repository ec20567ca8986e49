/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --grpc-port           | 65536            | 65535
          --http-port           | -1               | from 0
          --admin-port          | 4318/tcp         | number
          --attempt-timeout     | 5                | ms, s, m or h
          --attempt-timeout     | 0s               | above 0
          --attempt-timeout     | 25h              | at most 24h
          --drain-timeout       | 999999999999h    | at most 24h
          --drain-timeout       | 1 s              | such as 5s
          --in-flight           | 0                | above 0
          --in-flight           | 64MB             | MiB
          --in-flight           | 999999999999GiB  | at most 1024GiB
          --pipeline-in-flight  | much             | such as 64MiB
          --resource-attributes | prod             | key=value
          --resource-attributes | a=100%           | %25
          --log-format          | xml              | text, json
          --log-level           | verbose          | error, warn, info, debug, trace
          """)
  void shouldNameTheFlagWhatWasFoundAndWhatIsAllowed(String flag, String value, String allowed) {
    Answer answer = Answer.to("run", "pipelines", flag + "=" + value);

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .contains("'" + flag + "'", value, allowed, "Try 'caravan run --help'.");
    assertThat(answer.err().lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "rnu,run",
    "valdiate,validate",
    "rendr,render",
    "statsu,status",
    "complete,completion"
  })
  void shouldSuggestTheCommandThatWasMeant(String mistyped, String meant) {
    Answer answer = Answer.to(mistyped, "x");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err())
        .contains("'" + mistyped + "'")
        .contains("did you mean '" + meant + "'?");
    assertThat(answer.err()).doesNotContain("training");
  }

  @ParameterizedTest
  @CsvSource({
    "--grpc-prot=1,--grpc-port",
    "--kamelet=k,--kamelets",
    "--log-fromat=json,--log-format"
  })
  void shouldSuggestTheOptionThatWasMeant(String mistyped, String meant) {
    Answer answer = Answer.to("run", "pipelines", mistyped);

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err())
        .contains(
            "unknown option '%s'; did you mean '%s'?"
                .formatted(mistyped.replaceFirst("=.*", ""), meant));
  }

  @Test
  void shouldListTheCommandsWhenNoneIsLikeIt() {
    assertThat(Answer.to("start", "x").err())
        .contains(
            "unknown command 'start'; there are run, gateway, manager, validate, render, status, journal, dead-letters, replay, completion")
        .doesNotContain("training");
  }

  @Test
  void shouldNameTheArgumentThatIsTooMany() {
    assertThat(Answer.to("run", "pipelines", "more").err())
        .contains("'more' is one argument too many");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "validate",
        "render",
        "completion fish",
        "status --output=yaml",
        "run a b"
      })
  void shouldEndWithTwoAndWhereToReadOn(String line) {
    Answer answer = line.isEmpty() ? Answer.to() : Answer.to(line.split(" "));

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).startsWith("caravan: ").contains("--help'.");
  }
}
