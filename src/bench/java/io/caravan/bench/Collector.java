/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The OpenTelemetry Collector with its OTLP receiver and its OTLP exporter and nothing between.
 *
 * @param binary its program
 * @param queue whether the exporter keeps its queue
 */
record Collector(Path binary, Queue queue) implements SystemUnderTest {

  /** The exporter's sending queue. */
  enum Queue {
    /** The sender's answer is the backend's. */
    NONE,
    /** As it comes: 1,000 requests in memory, the sender's answer says that there was room. */
    DEFAULT
  }

  @Override
  public String title() {
    return switch (queue) {
      case NONE -> "collector";
      case DEFAULT -> "collector-queue";
    };
  }

  @Override
  public Server start(int target, Path folder) throws IOException, InterruptedException {
    int port = Server.freePort();
    Path config = folder.resolve("collector.yaml");
    Files.writeString(config, configuration(port, target));
    return Server.start(List.of(binary.toString(), "--config", config.toString()), port, folder);
  }

  private String configuration(int port, int target) {
    String sendingQueue =
        switch (queue) {
          case NONE -> "sending_queue: {enabled: false}";
          case DEFAULT -> "sending_queue: {}";
        };
    return """
        receivers:
          otlp:
            protocols:
              grpc: {endpoint: 127.0.0.1:%d, max_recv_msg_size_mib: 64}
        exporters:
          otlp_grpc:
            endpoint: 127.0.0.1:%d
            tls: {insecure: true}
            compression: none
            %s
        service:
          telemetry:
            logs: {level: error}
            metrics: {level: none}
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_grpc]}
        """
        .formatted(port, target, sendingQueue);
  }
}
