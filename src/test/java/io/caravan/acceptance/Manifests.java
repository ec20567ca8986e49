/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pipelines as a user writes them. */
public final class Manifests {
  /** Behind a pipeline: its senders hear what the backend says. */
  public static final String HEAR_THE_BACKEND = "  delivery: {acknowledge: delivered}\n";

  private Manifests() {}

  /** One pipeline of each kind with this name and output; the output is indented by nothing. */
  public static String allKinds(String name, String output) {
    return Stream.of("TracePipeline", "MetricPipeline", "LogPipeline")
        .map(kind -> pipeline(kind, name, output))
        .collect(Collectors.joining("---\n"));
  }

  /** A pipeline of the kind; {@code output} is what stands under {@code spec.output}. */
  public static String pipeline(String kind, String name, String output) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: %s
    metadata:
      name: %s
    spec:
      output:
    %s"""
        .formatted(kind, name, output.indent(4));
  }

  /** OTLP to the endpoint in the clear; protocol {@code grpc} or {@code http}. */
  public static String otlp(String protocol, String compression, String endpoint) {
    return """
    otlp:
      protocol: %s
      compression: %s
      endpoint:
        value: %s
      tls:
        insecure: true
    """
        .formatted(protocol, compression, endpoint);
  }

  /** A Kamelet with one property. */
  public static String kamelet(String name, String property, String value) {
    return """
    kamelet:
      name: %s
      properties:
        %s: '%s'
    """
        .formatted(name, property, value);
  }
}
