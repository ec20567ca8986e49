/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.ManagerCluster.NAMESPACE;
import static io.caravan.acceptance.ManagerCluster.tracePipeline;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.FakePod;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.plan.Certificates;
import io.caravan.plan.Certificates.Use;
import java.security.KeyPair;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Reasons of conditions that it takes certificates, or counts of pods, to bring about. */
@ResourceLock(ManagerProcess.LOCK)
class ConditionReasonsTest {
  private final Instant past = Instant.now().minus(2, ChronoUnit.DAYS);
  private final Instant soon = Instant.now().plus(5, ChronoUnit.DAYS);
  private final Instant far = Instant.now().plus(300, ChronoUnit.DAYS);

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static final ManagerCluster CLUSTER = new ManagerCluster(API);
  private static @Nullable ManagerProcess manager;

  @BeforeAll
  static void install() {
    manager = CLUSTER.install().manager("first");
  }

  @AfterAll
  static void stop() {
    requireNonNull(manager).close();
  }

  @AfterEach
  void deletePipelines() {
    CLUSTER.kubectl().run("delete", "tracepipelines", "--all");
  }

  private static void apply(Map<String, String> outputs) {
    CLUSTER
        .kubectl()
        .apply(
            outputs.entrySet().stream()
                .map(one -> tracePipeline(one.getKey(), one.getValue()))
                .collect(Collectors.joining("---\n")));
  }

  private static String tls(String fields) {
    return "{endpoint: {value: 'https://backend:4317'}, tls: {%s}}".formatted(fields);
  }

  private static String pem(String field, String pem) {
    return "%s: {value: \"%s\"}".formatted(field, pem.replace("\n", "\\n"));
  }

  @Test
  void shouldSayWhatIsWrongWithCertificates() throws Exception {
    KeyPair key = Certificates.ecKey();
    String secret = pem("key", Certificates.pkcs8(key.getPrivate()));
    String other = pem("key", Certificates.pkcs8(Certificates.ecKey().getPrivate()));

    apply(
        Map.of(
            "soon",
            tls(pem("cert", Certificates.certificate(key, Use.CLIENT, soon)) + ", " + secret),
            "expired",
            tls(pem("cert", Certificates.certificate(key, Use.CLIENT, past)) + ", " + secret),
            "mismatch",
            tls(pem("cert", Certificates.certificate(key, Use.CLIENT, far)) + ", " + other),
            "ca-soon",
            tls(pem("ca", Certificates.root(key, soon))),
            "ca-expired",
            tls(pem("ca", Certificates.root(key, past))),
            "no-ca",
            tls(pem("ca", Certificates.certificate(key, Use.CLIENT, far)))));

    Map<String, String> expected =
        Map.of(
            "soon",
            "True TLSCertificateAboutToExpire: TLS certificate is about to expire, configured certificate is valid until "
                + soon.toString().substring(0, 10),
            "expired",
            "False TLSCertificateExpired: TLS certificate expired on "
                + past.toString().substring(0, 10),
            "mismatch",
            "False TLSConfigurationInvalid: TLS configuration invalid: certificate and private key do not match",
            "ca-soon",
            "True TLSCertificateAboutToExpire: TLS CA certificate is about to expire, ",
            "ca-expired",
            "False TLSCertificateExpired: TLS CA certificate expired on "
                + past.toString().substring(0, 10),
            "no-ca",
            "False TLSConfigurationInvalid: TLS configuration invalid: not a CA certificate");
    expected.forEach(
        (name, condition) ->
            CLUSTER.awaitCondition("tracepipeline", name, "ConfigurationGenerated", condition));
  }

  @Test
  void shouldSayWhatBecomesOfTelemetryByWhatPodsCount() {
    Map<String, String> counts = new LinkedHashMap<>();
    counts.put("all-dropped", "'delivered':0,'dropped':{'buffer_full':3}");
    counts.put("some-dropped", "'delivered':9,'deadLettered':3");
    counts.put("throttled", "'delivered':9,'refused':{'journal_full':3}");
    counts.put("filling", "'delivered':9,'waiting':{'bytes':81,'most':100,'seconds':5}");
    counts.put("standing", "'delivered':0,'waiting':{'bytes':1,'most':100,'seconds':90}");
    counts.put("flowing", "'delivered':9");
    apply(
        counts.keySet().stream()
            .collect(Collectors.toMap(name -> name, _ -> "{endpoint: {value: 'http://b:4317'}}")));
    counts
        .keySet()
        .forEach(
            name ->
                CLUSTER.awaitCondition("tracepipeline", name, "ConfigurationGenerated", "True "));
    List<String> zero =
        counts.keySet().stream().map(name -> report(name, "'delivered':0")).toList();

    try (FakePod pod =
        FakePod.ready(
            API.client(),
            NAMESPACE,
            "telemetry-otlp-gateway-counting",
            "127.77.0.9",
            "{\"format\":1,\"instance\":\"x\",\"pipelines\":[],\"unread\":[]}",
            flow(zero))) {
      awaitFlow("flowing", "True FlowHealthy: No problems detected in the telemetry flow");

      pod.says(
          "{\"format\":1,\"instance\":\"x\",\"pipelines\":[],\"unread\":[]}",
          flow(
              counts.entrySet().stream()
                  .map(one -> report(one.getKey(), one.getValue()))
                  .toList()));

      awaitFlow(
          "all-dropped",
          "False GatewayAllTelemetryDataDropped: Backend is not reachable or rejecting spans. All spans are dropped");
      awaitFlow(
          "some-dropped",
          "False GatewaySomeTelemetryDataDropped: Backend is reachable, but rejecting spans. Some spans are dropped");
      awaitFlow(
          "throttled",
          "False GatewayThrottling: OTLP Gateway is unable to receive spans at current rate.");
      awaitFlow(
          "filling",
          "False GatewayBufferFillingUp: Buffer nearing capacity. Incoming span rate exceeds export rate.");
      awaitFlow(
          "standing",
          "False GatewayNoTelemetryDelivered: Backend is not reachable or rejecting spans. Spans are buffered and not yet dropped.");
      assertThat(CLUSTER.condition("tracepipeline", "flowing", "TelemetryFlowHealthy"))
          .startsWith("True FlowHealthy: ");
      assertThat(CLUSTER.condition("tracepipeline", "all-dropped", "TelemetryFlowHealthy"))
          .contains("See troubleshooting: ", "#no-data-arrive-at-the-backend");
    }
  }

  private static void awaitFlow(String name, String expected) {
    CLUSTER.awaitCondition("tracepipeline", name, "TelemetryFlowHealthy", expected);
  }

  private static String report(String name, String counts) {
    String uid = CLUSTER.get("tracepipeline", name).at("/metadata/uid").asText();
    return "{'pipeline':'tracepipeline/%s#%s',%s}".formatted(name, uid, counts);
  }

  private static String flow(List<String> reports) {
    return "{'format':1,'started':'2026-01-01T00:00:00Z','pipelines':[%s]}"
        .formatted(String.join(",", reports))
        .replace('\'', '"');
  }
}
