/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.node.AtStop;
import io.caravan.node.NodeSettings;
import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command can be told that receives and runs pipelines. */
abstract class NodeOptions extends ProcessOptions {

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "4317",
      converter = Values.Port.class,
      description =
          "Port of OTLP/gRPC; 0 for any free one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_GRPC_PORT.")
  int grpcPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "4318",
      converter = Values.Port.class,
      description =
          "Port of OTLP/HTTP; 0 for any free one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_HTTP_PORT.")
  int httpPort;

  @Option(
      names = "--resource-attributes",
      paramLabel = "KEY=VALUE,...",
      defaultValue = "",
      converter = AttributeList.Converter.class,
      description =
          "Attributes that every resource gets which has none of that key, such as k8s.cluster.name=prod. Written as OTEL_RESOURCE_ATTRIBUTES is: a comma, a percent sign and the like as %%2C, %%25. Default: none. Environment: CARAVAN_RESOURCE_ATTRIBUTES.")
  AttributeList resourceAttributes = new AttributeList(Map.of());

  @Option(
      names = "--attempt-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Values.Time.class,
      description =
          "How long one attempt to deliver may take where a sender waits for it (acknowledge: delivered); keep it below the senders' own timeout. What is in the journal has 30 s. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_ATTEMPT_TIMEOUT.")
  Duration attemptTimeout = Duration.ZERO;

  @Option(
      names = "--drain-timeout",
      paramLabel = "TIME",
      defaultValue = "8s",
      converter = Values.Time.class,
      description =
          "How long a stopping process or a replaced pipeline may take to end what it has begun; below the 10 s after which 'docker stop' kills. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_DRAIN_TIMEOUT.")
  Duration drainTimeout = Duration.ZERO;

  @Option(
      names = "--at-stop",
      paramLabel = "WHAT",
      defaultValue = "keep",
      description =
          "${COMPLETION-CANDIDATES}: what waits for delivery when the process is told to stop stays in the data folder, or is delivered first, at most for --drain-timeout, for a folder that goes with the process. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_AT_STOP.")
  AtStop atStop = AtStop.KEEP;

  @Option(
      names = "--in-flight",
      paramLabel = "SIZE",
      converter = Values.Size.class,
      description =
          "Bytes of requests that may be arriving or on their way at once; beyond it senders are told to come again. Default: half of the JVM's direct memory, about a fifth of CARAVAN_MEMORY. Environment: CARAVAN_IN_FLIGHT.")
  @Nullable Long inFlight;

  @Option(
      names = "--pipeline-in-flight",
      paramLabel = "SIZE",
      converter = Values.Size.class,
      description =
          "The same for one pipeline, so that a slow backend cannot take the place of all others. Default: half of --in-flight. Environment: CARAVAN_PIPELINE_IN_FLIGHT.")
  @Nullable Long pipelineInFlight;

  @Mixin OtlpOptions otlp = new OtlpOptions();

  /**
   * What the node is told.
   *
   * @param data the folder of its own
   */
  NodeSettings node(Path data) {
    long all = inFlight == null ? PlatformDependent.maxDirectMemory() / 2 : inFlight;
    return new NodeSettings(
        data,
        bind,
        grpcPort,
        httpPort,
        attemptTimeout,
        all,
        pipelineInFlight == null ? Math.max(1, all / 2) : pipelineInFlight,
        drainTimeout,
        resourceAttributes.attributes(),
        otlp.receiver(),
        atStop);
  }
}
