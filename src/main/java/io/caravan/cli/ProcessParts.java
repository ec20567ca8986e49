/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.observe.AdminServer;
import io.caravan.observe.Metrics;
import io.caravan.observe.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process is made of: its parts, which are closed in the opposite order of their start,
 * whether it is ready, its metrics, and the server that tells of both. Of one thread.
 */
final class ProcessParts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("caravan");

  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  Readiness readiness() {
    return readiness;
  }

  Metrics metrics() {
    return metrics;
  }

  /** Closes a part when the process ends, before those that were there before it. */
  <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  /**
   * The admin server, which listens from now on.
   *
   * @throws CommandFailure if it cannot
   */
  AdminServer admin(InetAddress address, int port) throws CommandFailure {
    return admin(address, port, "--admin-port");
  }

  /**
   * A server for probes and scrapers, which listens from now on.
   *
   * @param flag the option that its port is of
   * @throws CommandFailure if it cannot
   */
  AdminServer admin(InetAddress address, int port, String flag) throws CommandFailure {
    try {
      return own(AdminServer.start(new InetSocketAddress(address, port), readiness, metrics));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILURE, Ports.cannotListen(address, port, flag, e));
    }
  }

  /** Not ready any more, then everything ends in order, the data plane within its own bound. */
  @Override
  public void close() {
    readiness.awaits("end of this process");
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("A part of the process did not close well", e);
      }
    }
  }
}
