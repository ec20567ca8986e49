/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A forwarder in a JVM of its own: what remains when little is done but to receive and to send.
 *
 * @param title its name
 * @param program the class with its {@code main}
 * @param arguments what follows the two ports on its command line
 */
record Forwarder(String title, Class<?> program, List<String> arguments)
    implements SystemUnderTest {

  /** The best that grpc-java can do. */
  static Forwarder best(int eventLoops) {
    return new Forwarder("floor", GrpcForwarder.class, List.of(Integer.toString(eventLoops)));
  }

  /** What grpc-java does when nobody tunes it. */
  static Forwarder plain() {
    return new Forwarder("grpc-java", PlainGrpcForwarder.class, List.of());
  }

  /** Our own component in a route of its own. */
  static Forwarder route() {
    return new Forwarder("route", OtlpRoute.class, List.of());
  }

  @Override
  public Server start(int target, Path folder) throws IOException, InterruptedException {
    int port = Server.freePort();
    List<String> command = new ArrayList<>(Jvm.command("-Xmx256m", "-XX:+UseSerialGC"));
    command.add(program.getName());
    command.add(Integer.toString(port));
    command.add(Integer.toString(target));
    command.addAll(arguments);
    return Server.start(command, port, folder);
  }
}
