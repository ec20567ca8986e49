/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running system under test.
 *
 * @param process what was started
 * @param port where it receives OTLP/gRPC on 127.0.0.1
 */
record Server(Process process, int port) implements AutoCloseable {

  private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  /** Starts a command, its output in {@code output.log}, and waits until the port is open. */
  static Server start(List<String> command, int port, Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("output.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + START_LIMIT_NS;
    while (!isOpen(port)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException(
            "does not listen on port " + port + ": " + command + "\n" + Files.readString(log));
      }
      Thread.sleep(20);
    }
    return new Server(process, port);
  }

  /** Returns a port that nobody uses at this moment. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the process that does the work; a launching script has become it by now. */
  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
