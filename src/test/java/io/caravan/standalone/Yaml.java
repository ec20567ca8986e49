/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

/** Texts of manifests. */
final class Yaml {
  private Yaml() {}

  /** A TracePipeline that delivers to {@code http://HOST:4317}. */
  static String pipeline(String name, String host) {
    return pipelineTo(name, "value: http://" + host + ":4317");
  }

  /** A TracePipeline that delivers to where the key {@code endpoint} of a Secret says. */
  static String pipelineBySecret(String name, String secret) {
    return pipelineTo(
        name,
        "valueFrom: {secretKeyRef: {name: %s, namespace: default, key: endpoint}}"
            .formatted(secret));
  }

  private static String pipelineTo(String name, String endpoint) {
    return """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: TracePipeline
        metadata:
          name: %s
        spec:
          output:
            otlp:
              endpoint:
                %s
        """
        .formatted(name, endpoint);
  }

  /** For the end of a pipeline: another age of the buffer. */
  static String delivery(String age) {
    return "  delivery: {buffer: {age: " + age + "}}\n";
  }

  /** Not allowed by the schema, in its line 10. */
  static String wrongPipeline(String name) {
    return pipelineTo(name, "value: http://backend:4317\n      protocol: pigeon");
  }

  /** A TracePipeline that delivers through a Kamelet without properties. */
  static String pipelineThrough(String name, String kamelet) {
    return """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: TracePipeline
        metadata:
          name: %s
        spec:
          output:
            kamelet:
              name: %s
        """
        .formatted(name, kamelet);
  }

  static String secret(String name, String endpoint) {
    return """
        apiVersion: v1
        kind: Secret
        metadata:
          name: %s
        stringData:
          endpoint: %s
        """
        .formatted(name, endpoint);
  }

  /** A sink that sends to a URI of Camel. */
  static String kamelet(String name, String uri) {
    return """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: %s
          labels:
            camel.apache.org/kamelet.type: sink
        spec:
          definition:
            title: A sink
            type: object
          template:
            from:
              uri: kamelet:source
              steps:
                - to: %s
        """
        .formatted(name, uri);
  }

  static String together(String... documents) {
    return String.join("---\n", documents);
  }
}
