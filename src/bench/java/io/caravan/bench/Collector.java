/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The OpenTelemetry Collector with its OTLP receiver and its OTLP exporter, and between them only
 * what the work needs.
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
  public boolean takes(Workload workload) {
    return true;
  }

  @Override
  public Work workOn(Workload workload) {
    return workload.work();
  }

  @Override
  public boolean runsInJvm() {
    return false;
  }

  @Override
  public Server start(Workload workload, int target, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    Path config = folder.resolve("collector.yaml");
    Files.writeString(config, configuration(workload, port, target));
    return Server.start(List.of(binary.toString(), "--config", config.toString()), port, folder);
  }

  private String configuration(Workload workload, int port, int target) {
    return """
        receivers:
          otlp:
            protocols:
              %s
        processors:
        %s
        exporters:
          %s
            compression: %s
            sending_queue: %s
        service:
          telemetry:
            logs: {level: error}
            metrics: {level: none}
          pipelines:
            %s: {receivers: [otlp], processors: [%s], exporters: [out]}
        """
        .formatted(
            receiver(workload.transport(), port),
            processors(workload),
            exporter(workload.transport(), target),
            workload.encoding().name().toLowerCase(Locale.ROOT),
            switch (queue) {
              case NONE -> "{enabled: false}";
              case DEFAULT -> "{}";
            },
            workload.signal().lowerName(),
            switch (workload.work()) {
              case PASS -> "";
              case ENRICH -> "resource";
              case FILTER -> "filter";
            })
        .replace("[out]", workload.transport() == Transport.GRPC ? "[otlp_grpc]" : "[otlp_http]");
  }

  private static String receiver(Transport transport, int port) {
    return switch (transport) {
      case GRPC -> "grpc: {endpoint: 127.0.0.1:%d, max_recv_msg_size_mib: 64}".formatted(port);
      case HTTP ->
          "http: {endpoint: 127.0.0.1:%d, max_request_body_size: 67108864}".formatted(port);
    };
  }

  /** Go keeps two idle connections to a host by itself, and would open one for most requests. */
  private static String exporter(Transport transport, int target) {
    return switch (transport) {
      case GRPC ->
          "otlp_grpc:\n    endpoint: 127.0.0.1:%d\n    tls: {insecure: true}".formatted(target);
      case HTTP ->
          "otlp_http:\n    endpoint: http://127.0.0.1:%d\n    max_idle_conns_per_host: 100"
              .formatted(target);
    };
  }

  private static String processors(Workload workload) {
    return switch (workload.work()) {
      case PASS -> "";
      case ENRICH ->
          SampleResources.ADDED.entrySet().stream()
              .map(
                  attribute ->
                      "{key: %s, value: %s, action: insert}"
                          .formatted(attribute.getKey(), attribute.getValue()))
              .collect(Collectors.joining(", ", "  resource: {attributes: [", "]}"));
      case FILTER ->
          """
            filter:
              error_mode: propagate
              %s_conditions:
                - context: resource
                  conditions: ['resource.attributes["k8s.namespace.name"] == "%s"']
          """
              .formatted(
                  switch (workload.signal()) {
                    case TRACES -> "trace";
                    case METRICS -> "metric";
                    case LOGS -> "log";
                  },
                  SampleResources.EXCLUDED);
    };
  }
}
