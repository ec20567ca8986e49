/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.KameletSource;
import java.util.List;

/** Kamelets with the properties that the planner knows of, for tests that need no more of them. */
final class TestKamelets {
  private static final String OTLP =
      """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: %s
        labels:
          camel.apache.org/kamelet.type: sink
      spec:
        definition:
          required: [endpoint]
          properties:
            endpoint: {type: string}
            path: {type: string}
            compression: {type: string, enum: [none, gzip], default: gzip}
            headers: {type: string, format: password}
            user: {type: string, format: password}
            password: {type: string, format: password}
            ca: {type: string, format: password}
            cert: {type: string, format: password}
            key: {type: string, format: password}
            insecure: {type: boolean, default: false}
            insecureSkipVerify: {type: boolean, default: false}
        template:
          from:
            uri: kamelet:source
            steps:
              - to: otlp:grpc
      """;

  static final KameletSource OTLP_GRPC = named("otlp-grpc-sink", OTLP.formatted("otlp-grpc-sink"));
  static final KameletSource OTLP_HTTP = named("otlp-http-sink", OTLP.formatted("otlp-http-sink"));

  private TestKamelets() {}

  static List<KameletSource> otlp() {
    return List.of(OTLP_GRPC, OTLP_HTTP);
  }

  static KameletSource named(String name, String yaml) {
    return new KameletSource(name, yaml);
  }

  /** A sink whose definition is the given lines. */
  static KameletSource sink(String name, String definition) {
    return named(
        name,
        """
        kind: Kamelet
        metadata:
          name: %s
        spec:
          definition:
        %s
          template:
            from:
              uri: kamelet:source
        """
            .formatted(name, definition.indent(4)));
  }
}
