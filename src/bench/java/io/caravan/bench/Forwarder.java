/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A forwarder in a JVM of its own: what remains when little is done but to receive and to send.
 *
 * @param eventLoops of the floor
 */
record Forwarder(Kind kind, int eventLoops) implements SystemUnderTest {

  /** How the forwarder is made. */
  enum Kind {
    /** The best that grpc-java, or Netty's HTTP codec, can do. */
    FLOOR,
    /** What they do when nobody tunes them. */
    PLAIN,
    /** Our own component in a route of its own. */
    ROUTE
  }

  @Override
  public String title() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean takes(Workload workload) {
    return kind == Kind.FLOOR || workload.work() == Work.PASS;
  }

  @Override
  public Work workOn(Workload workload) {
    return Work.PASS;
  }

  @Override
  public boolean runsInJvm() {
    return true;
  }

  @Override
  public Server start(Workload workload, int target, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    List<String> command = new ArrayList<>(Jvm.command("-Xmx256m", "-XX:+UseSerialGC"));
    command.add(program(workload.transport()).getName());
    command.add(Integer.toString(port));
    command.add(Integer.toString(target));
    command.addAll(arguments(workload));
    return Server.start(command, port, folder);
  }

  private Class<?> program(Transport transport) {
    return switch (kind) {
      case ROUTE -> OtlpRoute.class;
      case FLOOR -> transport == Transport.GRPC ? GrpcForwarder.class : HttpForwarder.class;
      case PLAIN -> transport == Transport.GRPC ? PlainGrpcForwarder.class : HttpForwarder.class;
    };
  }

  private List<String> arguments(Workload workload) {
    boolean http = workload.transport() == Transport.HTTP;
    return switch (kind) {
      case ROUTE -> List.of(workload.toString());
      case FLOOR -> List.of(http ? "tuned" : workload.toString(), Integer.toString(eventLoops));
      case PLAIN -> List.of(http ? "plain" : workload.toString());
    };
  }
}
