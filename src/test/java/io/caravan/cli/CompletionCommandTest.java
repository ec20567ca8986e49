/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  @TempDir Path folder;

  @Test
  void shouldPrintAScriptThatBashTakes() throws Exception {
    Answer answer = Answer.to("completion");

    assertThat(answer.code()).isZero();
    assertThat(answer.out()).isEqualTo(Answer.to("completion", "bash").out());
    assertThat(bash("-n", script(answer))).isEmpty();
  }

  @Test
  void shouldCompleteCommandsAndOptions() throws Exception {
    Path script = script(Answer.to("completion", "bash"));
    String ask =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_caravan 2>/dev/null; echo ${COMPREPLY[*]}";

    assertThat(bash("-c", ask.formatted(script, "caravan v", 1))).isEqualTo("validate\n");
    assertThat(bash("-c", ask.formatted(script, "caravan run --grpc", 2)))
        .isEqualTo("--grpc-port\n");
    assertThat(bash("-c", ask.formatted(script, "caravan run --log-format j", 3)))
        .isEqualTo("json\n");
    assertThat(bash("-c", ask.formatted(script, "caravan t", 1))).isEqualTo("\n");
  }

  @Test
  void shouldTellZshToTakeBashsCompletions() {
    Answer answer = Answer.to("completion", "ZSH");

    assertThat(answer.code()).isZero();
    assertThat(answer.out()).startsWith("autoload -U +X compinit").contains("bashcompinit");
  }

  private Path script(Answer answer) throws IOException {
    return Files.writeString(folder.resolve("caravan-completion"), answer.out());
  }

  private static String bash(String option, Object argument) throws Exception {
    Process bash =
        new ProcessBuilder("bash", "--norc", option, argument.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(output).isZero();
    return output;
  }
}
