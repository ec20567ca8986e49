/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the structural schemas refuse, and how it is said. */
final class StructuralCheckTest {

  private static final String LONG = "a".repeat(64);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          LOG_PIPELINE | {output: 5} | spec.output: expected an object, found an integer
          LOG_PIPELINE | {input: {runtime: {enabled: 'true'}}, output: {custom: x}} | spec.input.runtime.enabled: expected a boolean, found a string
          LOG_PIPELINE | {output: {custom: 5}} | spec.output.custom: expected a string, found an integer; put it in quotes
          LOG_PIPELINE | {output: {custom: on}} | spec.output.custom: expected a string, found a boolean; put it in quotes
          LOG_PIPELINE | {filters: , output: {custom: x}} | spec.filters: expected an array, found nothing: give it a value or leave the field out
          LOG_PIPELINE | {filters: {custom: x}, output: {custom: x}} | spec.filters: expected an array, found an object
          LOG_PIPELINE | {} | spec.output: required, but missing
          LOG_PIPELINE | {output: {http: {host: {value: x}, uri: x}}} | spec.output.http.uri: found 'x', which should match ^/.*$
          LOG_PIPELINE | {files: [{name: '', content: x}], output: {custom: x}} | spec.files[0].name: must not be empty
          LOG_PIPELINE | {files: [{name: x}], output: {custom: x}} | spec.files[0].content: required, but missing
          LOG_PIPELINE | {variables: [{name: x, valueFrom: {}}], output: {custom: x}} | spec.variables[0].valueFrom.secretKeyRef: required, but missing
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: x}, protocol: gprc}}} | spec.output.otlp.protocol: found 'gprc', allowed: grpc, http; did you mean 'grpc'?
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: x}, compression: brotli}}} | spec.output.otlp.compression: found 'brotli', allowed: none, gzip, snappy, zstd
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: x}, temporality: delta}}} | spec.output.otlp.temporality: unknown field. Allowed: protocol, endpoint, path, compression, authentication, headers, tls
          TRACE_PIPELINE | {input: {}, output: {kamelet: {name: x}}} | spec.input: unknown field. Allowed: transform, filter, output, delivery
          TRACE_PIPELINE | {output: {kamelet: {name: x, properties: [a]}}} | spec.output.kamelet.properties: expected an object, found an array
          TRACE_PIPELINE | {output: {kamelet: {name: x, properties: {a: [b]}}}} | spec.output.kamelet.properties.a: expected a string, a number, a boolean, or an object with valueFrom.secretKeyRef
          TRACE_PIPELINE | {output: {kamelet: {name: x, properties: {a: {value: b}}}}} | spec.output.kamelet.properties.a.value: unknown field
          TRACE_PIPELINE | {output: {kamelet: {name: x, properties: {a: {valueFrom: {secretKeyRef: {name: s, namespace: n}}}}}}} | spec.output.kamelet.properties.a.valueFrom.secretKeyRef.key: required, but missing
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {acknowlege: disk}} | spec.delivery.acknowlege: unknown field; did you mean 'acknowledge'? Allowed: acknowledge, buffer, whenFull, order, retry, onDelete, retain, holdInput
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {acknowledge: Disk}} | spec.delivery.acknowledge: found 'Disk', allowed: memory, disk, delivered; did you mean 'disk'?
          LOG_PIPELINE | {output: {kamelet: {name: x}}, delivery: {whenFull: drop-oldest}} | spec.delivery.whenFull: found 'drop-oldest', allowed: refuse, dropOldest, dropNewest; did you mean 'dropOldest'?
          METRIC_PIPELINE | {output: {kamelet: {name: x}}, delivery: {order: none at all}} | spec.delivery.order: found 'none at all', allowed: sender, none
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: 1Gi}} | spec.delivery.buffer: expected an object, found a string
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 1GiB}}} | spec.delivery.buffer.size: found '1GiB', expected bytes, more than 0, such as 1Gi, 500Mi or 10M; did you mean '1Gi'?
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 500m}}} | spec.delivery.buffer.size: found '500m', expected bytes, more than 0, such as 1Gi, 500Mi or 10M; did you mean '500M'?
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: much}}} | spec.delivery.buffer.size: found 'much', expected bytes, more than 0, such as 1Gi, 500Mi or 10M
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 0Gi}}} | spec.delivery.buffer.size: found '0Gi', expected bytes, more than 0, such as 1Gi, 500Mi or 10M
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 0}}} | spec.delivery.buffer.size: found 0, allowed are 1 and more
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 1.5}}} | spec.delivery.buffer.size: expected a quantity, found a number
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {retain: {size: }}} | spec.delivery.retain.size: expected a quantity, found nothing: give it a value or leave the field out
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {age: 7d}}} | spec.delivery.buffer.age: found '7d', expected a duration such as 30s, 1m or 1h30m
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {holdInput: 60}} | spec.delivery.holdInput: expected a string, found an integer; put it in quotes
          METRIC_PIPELINE | {input: {otlp: {namespaces: {include: [Test]}}}, output: {kamelet: {name: x}}} | spec.input.otlp.namespaces.include[0]: found 'Test', which should match ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
          METRIC_PIPELINE | {input: {runtime: {resources: {pods: {enabled: true}}}}, output: {kamelet: {name: x}}} | spec.input.runtime.resources.pods: unknown field; did you mean 'pod'? Allowed: pod, container, node, volume, daemonset, deployment, statefulset, job
          TELEMETRY | {metric: {collectionInterval: 1 day}} | spec.metric.collectionInterval: found '1 day', expected a duration such as 30s, 1m or 1h30m
          TELEMETRY | {metric: {collectionInterval: 30}} | spec.metric.collectionInterval: expected a string, found an integer; put it in quotes
          TELEMETRY | {trace: {gateway: {scaling: {type: static}}}} | spec.trace.gateway.scaling.type: found 'static', allowed: Static; did you mean 'Static'?
          TELEMETRY | {trace: {gateway: {scaling: {static: {replicas: 0}}}}} | spec.trace.gateway.scaling.static.replicas: found 0, allowed are 1 and more
          TELEMETRY | {trace: {gateway: {scaling: {static: {replicas: 9999999999}}}}} | spec.trace.gateway.scaling.static.replicas: found 9999999999, which is out of the range of int32
          """)
  void shouldSayWhatWasFoundAndWhatIsAllowed(ResourceKind kind, String spec, String violation) {
    assertThat(Admission.review(kind, Trees.resource(kind, spec)).violations())
        .extracting(Violation::toString)
        .contains(violation);
  }

  @Test
  void shouldRefuseANamespaceOfMoreThan63Characters() {
    String spec =
        "{input: {otlp: {namespaces: {exclude: [" + LONG + "]}}}, output: {kamelet: {name: x}}}";

    assertThat(
            Admission.review(
                    ResourceKind.METRIC_PIPELINE,
                    Trees.resource(ResourceKind.METRIC_PIPELINE, spec))
                .violations())
        .extracting(Violation::toString)
        .containsExactly(
            "spec.input.otlp.namespaces.exclude[0]: has 64 characters, allowed are 63 at most");
  }

  @Test
  void shouldNeverPrintAValueThatMayBeSecret() {
    String spec =
        "{output: {otlp: {endpoint: {value: x}, authentication: {basic: {user: {value: 4711}, password: {value: [hunter2]}}}}}}";

    assertThat(
            Admission.review(
                    ResourceKind.TRACE_PIPELINE, Trees.resource(ResourceKind.TRACE_PIPELINE, spec))
                .violations())
        .hasSize(2)
        .noneMatch(
            violation ->
                violation.toString().contains("4711") || violation.toString().contains("hunter2"));
  }

  @Test
  void shouldIgnoreTheStatus() {
    var resource = Trees.resource(ResourceKind.TRACE_PIPELINE, "{output: {kamelet: {name: x}}}");
    resource.putObject("status").put("nonsense", true);

    assertThat(Admission.review(ResourceKind.TRACE_PIPELINE, resource).violations()).isEmpty();
  }
}
