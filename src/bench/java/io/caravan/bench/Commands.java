/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The conversation with a worker process, seen from the worker: a line in, a line out. */
final class Commands {

  /** Answers one command. */
  @FunctionalInterface
  interface Answer {
    String to(String command) throws Exception;
  }

  private Commands() {}

  /** Answers what comes on standard input until it ends. */
  static void serve(Answer answer) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      String line;
      try {
        line = answer.to(command);
      } catch (Exception e) {
        line = "error " + e;
      }
      System.out.println(line);
      System.out.flush();
    }
  }
}
