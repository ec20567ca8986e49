/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of the benchmark's own, the generator or the sink, that obeys commands. */
final class Worker implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  Worker(Class<?> program, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(Jvm.command("-Xmx256m", "-XX:MaxDirectMemorySize=2g", "-XX:+UseSerialGC"));
    command.add(program.getName());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  long pid() {
    return process.pid();
  }

  /** Gives a command and returns its answer. */
  String ask(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    @Nullable String answer = answers.readLine();
    if (answer == null || answer.startsWith("error")) {
      throw new IOException(command + ": " + answer);
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
