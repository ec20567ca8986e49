/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.ManagerCluster.tracePipeline;
import static java.util.Objects.requireNonNull;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.plan.Reason;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every reason of {@code ConfigurationGenerated} that a stored pipeline can have by itself. They
 * are stored before there is a manager: no webhook has refused them.
 */
@ResourceLock(ManagerProcess.LOCK)
class ConfigurationReasonsTest {
  /** Of the bytes that an object of a cluster may have, nearly all. */
  private static final int MUCH = 1_000_000;

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static final ManagerCluster CLUSTER = new ManagerCluster(API);
  private static @Nullable ManagerProcess manager;

  /** A pipeline, and how its condition begins. */
  private record Case(String kind, String manifest, String condition) {
    static Case of(Reason reason, String output, String status, String message) {
      return new Case(
          "tracepipeline",
          """
          apiVersion: telemetry.kyma-project.io/v1beta1
          kind: TracePipeline
          metadata: {name: %s}
          spec: {output: %s}
          """
              .formatted(name(reason), output),
          "%s %s: %s".formatted(status, reason, message));
    }

    static Case otlp(Reason reason, String otlp, String message) {
      return of(reason, "{otlp: %s}".formatted(otlp), "False", message);
    }
  }

  private static String name(Reason reason) {
    return reason.toString().toLowerCase(Locale.ROOT);
  }

  /** Null for those that it takes something else to bring about. */
  private static @Nullable Case of(Reason reason) {
    return switch (reason) {
      case GATEWAY_CONFIGURED ->
          new Case(
              "tracepipeline",
              tracePipeline(name(reason)),
              "True GatewayConfigured: TracePipeline specification is successfully applied to the configuration of OTLP Gateway");
      case TLS_CONFIGURATION_INVALID ->
          Case.otlp(
              reason,
              "{endpoint: {value: 'https://backend:4317'}, tls: {ca: {value: nonsense}}}",
              "TLS configuration invalid: ");
      case REFERENCED_SECRET_MISSING ->
          Case.otlp(
              reason,
              "{endpoint: {valueFrom: {secretKeyRef: {name: none, namespace: default, key: url}}}}",
              "One or more referenced Secrets are missing: Secret 'none' of Namespace 'default'");
      case ENDPOINT_INVALID ->
          Case.otlp(
              reason,
              "{endpoint: {valueFrom: {secretKeyRef: {name: values, namespace: default, key: endpoint}}}}",
              "OTLP output endpoint invalid: ");
      case HEADER_INVALID ->
          Case.otlp(
              reason,
              "{endpoint: {value: 'http://backend:4317'}, headers: [{name: X-Scope, valueFrom: {secretKeyRef: {name: values, namespace: default, key: lines}}}]}",
              "spec.output.otlp.headers[0]: the value of header 'X-Scope' has a line break in it");
      case NOT_SUPPORTED_YET ->
          Case.otlp(
              reason,
              "{endpoint: {value: 'https://backend:4317'}, authentication: {oauth2: {tokenURL: {value: 'https://token.example'}, clientID: {value: me}, clientSecret: {value: secret}}}}",
              "This version cannot honour spec.output.otlp.authentication.oauth2 yet");
      case CONFIGURATION_TOO_LARGE ->
          Case.otlp(
              reason,
              "{endpoint: {value: 'http://backend:4317'}, headers: [{name: X-Scope, valueFrom: {secretKeyRef: {name: values, namespace: default, key: much}}}]}",
              "The configuration does not fit: it takes ");
      case KAMELET_NOT_FOUND ->
          Case.of(
              reason,
              "{kamelet: {name: otlp-grcp-sink, properties: {}}}",
              "False",
              "spec.output.kamelet.name: no Kamelet is named 'otlp-grcp-sink'; did you mean 'otlp-grpc-sink'?");
      case KAMELET_INVALID ->
          Case.of(
              reason,
              "{kamelet: {name: hollow-sink, properties: {}}}",
              "False",
              "Kamelet 'hollow-sink' cannot be used: spec.template is missing; it holds the route");
      case KAMELET_PROPERTY_INVALID ->
          Case.of(
              reason,
              "{kamelet: {name: otlp-grpc-sink, properties: {endpiont: 'http://backend:4317'}}}",
              "False",
              "spec.output.kamelet.properties.");
      case SPECIFICATION_INVALID ->
          Case.of(
              reason,
              "{kamelet: {name: otlp-grpc-sink, properties: {endpoint: [a, b]}}}",
              "False",
              "");
      case RUNTIME_ADDITIONAL_METRIC_INVALID ->
          new Case(
              "metricpipeline",
              """
              apiVersion: telemetry.kyma-project.io/v1beta1
              kind: MetricPipeline
              metadata: {name: %s}
              spec:
                input: {runtime: {enabled: true, additionalMetrics: [k8s.pod.mood]}}
                output: {otlp: {endpoint: {value: 'http://backend:4317'}}}
              """
                  .formatted(name(reason)),
              "False RuntimeAdditionalMetricInvalid: ");
      // ConditionReasonsTest has certificates and clocks for it.
      case TLS_CERTIFICATE_ABOUT_TO_EXPIRE, TLS_CERTIFICATE_EXPIRED -> null;
      // ManagerResilienceTest takes a right away; ManagerTest sets a limit.
      case VALIDATION_FAILED, MAX_PIPELINES_EXCEEDED -> null;
    };
  }

  static Stream<Reason> reasons() {
    return Stream.of(Reason.values()).filter(reason -> of(reason) != null);
  }

  @BeforeAll
  static void storeAndStart() {
    CLUSTER.install();
    var _ =
        API.client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName("values")
                    .withNamespace("default")
                    .endMetadata()
                    .addToStringData("endpoint", "http://backend:port")
                    .addToStringData("lines", "a\nb")
                    .addToStringData("much", "m".repeat(MUCH))
                    .build())
            .create();
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: connectors
              namespace: kyma-system
              labels: {caravan.io/kamelets: ""}
            data:
              hollow-sink.kamelet.yaml: |
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata: {name: hollow-sink}
                spec: {definition: {}}
            """);
    CLUSTER
        .kubectl()
        .apply(
            Stream.of(Reason.values())
                .map(ConfigurationReasonsTest::of)
                .filter(Objects::nonNull)
                .map(each -> requireNonNull(each).manifest() + "---\n")
                .reduce("", String::concat));
    manager = CLUSTER.manager("first");
  }

  @AfterAll
  static void stop() {
    requireNonNull(manager).close();
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void shouldSayWhyAPipelineRunsOrDoesNot(Reason reason) {
    Case each = requireNonNull(of(reason));

    CLUSTER.awaitCondition(each.kind(), name(reason), "ConfigurationGenerated", each.condition());
  }
}
