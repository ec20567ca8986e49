/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** What a command line comes to, run in this JVM with an environment of its own. */
record Answer(int code, String out, String err) {

  static Answer to(String... arguments) {
    return with(Map.of(), arguments);
  }

  static Answer with(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Caravan.commandLine(environment);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return new Answer(command.execute(arguments), out.toString(), err.toString());
  }
}
