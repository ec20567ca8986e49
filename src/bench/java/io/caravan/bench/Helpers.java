/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.util.List;

/** The generator and the sink of one workload, each a process of its own. */
final class Helpers implements AutoCloseable {

  private static final int DRAIN_TENTHS = 300;

  private final Workload workload;
  private final List<String> generatorArguments;
  private Worker sink;
  private Worker generator;
  private int sinkPort;

  /**
   * @param requests that may be in flight on each connection
   */
  Helpers(Workload workload, int connections, int requests) throws IOException {
    this.workload = workload;
    this.generatorArguments =
        List.of(workload.toString(), Integer.toString(connections), Integer.toString(requests));
    sink = new Worker(Sink.class, List.of(workload.toString()));
    generator = new Worker(Generator.class, generatorArguments);
    sinkPort = Integer.parseInt(sink.ask("port"));
  }

  /** Starts both processes anew, after a system has left them with requests without an answer. */
  void restart() throws IOException {
    close();
    sink = new Worker(Sink.class, List.of(workload.toString()));
    generator = new Worker(Generator.class, generatorArguments);
    sinkPort = Integer.parseInt(sink.ask("port"));
  }

  /** The port of the sink on 127.0.0.1. */
  int sinkPort() {
    return sinkPort;
  }

  /** Opens the generator's connections, and begins to count at both ends. */
  void connect(int port) throws IOException {
    sink.ask("clear");
    generator.ask("clear");
    generator.ask("connect " + port);
  }

  void disconnect() throws IOException {
    generator.ask("disconnect");
  }

  void begin(OfferedLoad load) throws IOException {
    generator.ask(load.command());
  }

  /** Returns what the generator has counted, and has it begin anew in the same moment. */
  LoadReport takeSent() throws IOException {
    return LoadReport.parse(generator.ask("take"));
  }

  LoadReport sent() throws IOException {
    return LoadReport.parse(generator.ask("report"));
  }

  SinkReport received() throws IOException {
    return SinkReport.parse(sink.ask("report"));
  }

  /** Has the sink answer that many records a second, 0 as many as it can. */
  void limit(int recordsPerSecond) throws IOException {
    sink.ask("limit " + recordsPerSecond);
  }

  /** Stops the load and returns when everything sent has been answered. */
  void stop() throws IOException {
    generator.ask("stop");
  }

  /** Waits, for half a minute at most, until the sink has acknowledged so many records. */
  SinkReport await(long records) throws IOException, InterruptedException {
    SinkReport received = received();
    for (int i = 0; i < DRAIN_TENTHS && received.records() < records; i++) {
      Thread.sleep(100);
      received = received();
    }
    return received;
  }

  double cpuSeconds() throws IOException {
    return ProcessUsage.of(generator.pid()).cpuSeconds() + ProcessUsage.of(sink.pid()).cpuSeconds();
  }

  @Override
  public void close() throws IOException {
    generator.close();
    sink.close();
  }
}
