/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own, with descriptors of its own, that holds connections and does nothing. */
final class IdleConnections implements AutoCloseable {
  private static final String OPEN = "open";
  private static final String REQUEST =
      "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  private final Process process;

  private IdleConnections(Process process) {
    this.process = process;
  }

  /** Opens them to the port of OTLP/HTTP; one request was sent on each and answered. */
  static IdleConnections open(int port, int count) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                Path.of("target", "test-classes").toString(),
                IdleConnections.class.getName(),
                Integer.toString(port),
                Integer.toString(count))
            .redirectErrorStream(true)
            .start();
    IdleConnections connections = new IdleConnections(process);
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    if (!OPEN.equals(line)) {
      connections.close();
      throw new IOException(line + "\n" + String.join("\n", output.readAllLines()));
    }
    return connections;
  }

  /** Ends the process, and with it the connections. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    List<SocketChannel> open = new ArrayList<>();
    while (open.size() < Integer.parseInt(args[1])) {
      SocketChannel connection = SocketChannel.open(server);
      connection.write(ByteBuffer.wrap(REQUEST.getBytes(UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(1024);
      if (connection.read(answer) < 0) {
        throw new ProtocolException("connection " + open.size() + " was closed");
      }
      open.add(connection);
    }
    System.out.println(OPEN);
    // Until whoever started it is gone.
    System.in.readAllBytes();
  }
}
