/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/** A signal of OpenTelemetry that Caravan carries, with its names on the wire (OTLP 1.11.0). */
public enum Signal {
  TRACES(0, "traces", "opentelemetry.proto.collector.trace.v1.TraceService"),
  METRICS(1, "metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService"),
  LOGS(2, "logs", "opentelemetry.proto.collector.logs.v1.LogsService");

  private final byte code;
  private final String lowerName;
  private final String httpPath;
  private final String grpcPath;

  Signal(int code, String lowerName, String grpcService) {
    this.code = (byte) code;
    this.lowerName = lowerName;
    this.httpPath = "/v1/" + lowerName;
    this.grpcPath = "/" + grpcService + "/Export";
  }

  /** What the signal is on disk, in every version of the program. */
  public byte code() {
    return code;
  }

  /** {@code traces}, {@code metrics} or {@code logs}: as in URIs, metrics and messages. */
  public String lowerName() {
    return lowerName;
  }

  /** The default path of OTLP/HTTP: {@code /v1/traces}. */
  public String httpPath() {
    return httpPath;
  }

  /** The full method of OTLP/gRPC, with the leading slash. */
  public String grpcPath() {
    return grpcPath;
  }
}
