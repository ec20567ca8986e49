/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a node is told at start and keeps.
 *
 * @param data the process's own folder; connectors find it as the property {@code caravan.data}
 * @param bind the address that the OTLP ports listen on
 * @param grpcPort OTLP/gRPC, 0 for any free port
 * @param httpPort OTLP/HTTP, 0 for any free port
 * @param attemptTimeout how long one attempt to deliver may take where a sender waits for it
 * @param inFlightBytes the bytes of batches that may be on their way through the whole node
 * @param pipelineInFlightBytes the same for one pipeline; beyond it the pipeline answers full
 * @param drainTimeout how long a replaced or stopped pipeline may take to end what it has begun
 * @param resourceAttributes given to every resource that has none of that key, at most {@link
 *     io.caravan.otlp.EncodedAttributes#MAX}
 * @param receiver whom the OTLP ports let in, and how
 * @param atStop what becomes of the backlog at the end
 */
public record NodeSettings(
    Path data,
    String bind,
    int grpcPort,
    int httpPort,
    Duration attemptTimeout,
    long inFlightBytes,
    long pipelineInFlightBytes,
    Duration drainTimeout,
    Map<String, String> resourceAttributes,
    ReceiverSettings receiver,
    AtStop atStop) {

  public NodeSettings {
    resourceAttributes = Map.copyOf(resourceAttributes);
  }

  /** With OTLP ports that are open to everybody, and a backlog that stays. */
  public NodeSettings(
      Path data,
      String bind,
      int grpcPort,
      int httpPort,
      Duration attemptTimeout,
      long inFlightBytes,
      long pipelineInFlightBytes,
      Duration drainTimeout,
      Map<String, String> resourceAttributes) {
    this(
        data,
        bind,
        grpcPort,
        httpPort,
        attemptTimeout,
        inFlightBytes,
        pipelineInFlightBytes,
        drainTimeout,
        resourceAttributes,
        ReceiverSettings.OPEN,
        AtStop.KEEP);
  }
}
