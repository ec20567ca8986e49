/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out before the data plane starts whether its ports can be had, because then the answer
 * takes no second and names the flag.
 */
final class Ports {
  private static final String EXPECTED =
      "expected is one of its own, 127.0.0.1 for it alone, or 0.0.0.0 for all that it has";

  private Ports() {}

  /**
   * Checks all, so that all are named at once.
   *
   * @throws CommandFailure with a sentence that names each port that cannot be had, and its flag
   */
  static InetAddress check(NodeOptions options) throws CommandFailure {
    InetAddress address = address(options.bind);
    distinct(options);
    List<String> taken = new ArrayList<>();
    probe(address, options.grpcPort, "--grpc-port", taken);
    probe(address, options.httpPort, "--http-port", taken);
    probe(address, options.adminPort, "--admin-port", taken);
    if (!taken.isEmpty()) {
      throw new CommandFailure(ExitCode.FAILURE, String.join("; ", taken));
    }
    return address;
  }

  /**
   * The address that servers are to listen on.
   *
   * @throws CommandFailure if it is none of this machine
   */
  static InetAddress address(String bind) throws CommandFailure {
    try {
      InetAddress address = InetAddress.getByName(bind);
      // Port 0 can be had wherever the address is the machine's, so this tells the two apart.
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(address, 0));
      }
      return address;
    } catch (UnknownHostException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--bind: '%s' is not a known name and no address; %s".formatted(bind, EXPECTED));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--bind: '%s' is not an address of this machine (%s); %s"
              .formatted(bind, e.getMessage(), EXPECTED));
    }
  }

  private static void distinct(NodeOptions options) throws CommandFailure {
    Map<Integer, String> flags = new HashMap<>();
    flags.put(options.grpcPort, "--grpc-port");
    for (var one :
        List.of(
            Map.entry(options.httpPort, "--http-port"),
            Map.entry(options.adminPort, "--admin-port"))) {
      String other = flags.putIfAbsent(one.getKey(), one.getValue());
      if (other != null && one.getKey() != 0) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "%s and %s are both %d; each needs a port of its own"
                .formatted(other, one.getValue(), one.getKey()));
      }
    }
  }

  private static void probe(InetAddress address, int port, String flag, List<String> taken) {
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      // As the servers themselves do it: a connection of yesterday's in TIME_WAIT is no obstacle.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      taken.add(cannotListen(address, port, flag, e));
    }
  }

  /** The sentence for a port that cannot be listened on. */
  static String cannotListen(InetAddress address, int port, String flag, IOException e) {
    String message = String.valueOf(e.getMessage());
    String why =
        message.contains("already in use")
            ? "is in use by another process"
            : "cannot be listened on (" + message + ")";
    return "port %d of %s %s; choose another with %s"
        .formatted(port, address.getHostAddress(), why, flag);
  }
}
