/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.ManagerCluster.NAMESPACE;
import static io.caravan.acceptance.ManagerCluster.tracePipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Objects of kinds that come to a cluster with something else, after the manager. */
@ResourceLock(ManagerProcess.LOCK)
class ManagerOptionalKindsTest {
  private static final String VPA = "verticalpodautoscalers.autoscaling.k8s.io";
  private static final String RULE = "destinationrules.networking.istio.io";
  private static final String AUTHENTICATION = "peerauthentications.security.istio.io";
  private static final String GATEWAY = "telemetry-otlp-gateway";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static final ManagerCluster CLUSTER = new ManagerCluster(API);
  private static ManagerProcess manager;

  @BeforeAll
  static void install() {
    manager = CLUSTER.install().manager("first");
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: operator.kyma-project.io/v1beta1
            kind: Telemetry
            metadata: {name: default, namespace: kyma-system}
            """);
    CLUSTER.kubectl().apply(tracePipeline("demo"));
    CLUSTER.awaitCondition("tracepipeline", "demo", "ConfigurationGenerated", "True ");
    define("autoscaling.k8s.io", "VerticalPodAutoscaler", "verticalpodautoscalers");
    define("networking.istio.io", "DestinationRule", "destinationrules");
    define("security.istio.io", "PeerAuthentication", "peerauthentications");
    soon().until(() -> isThere(VPA) && isThere(AUTHENTICATION));
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  /** A definition without a schema, as of whoever brings it. */
  private static void define(String group, String kind, String plural) {
    CLUSTER
        .kubectl()
        .apply(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: %3$s.%1$s
              annotations: {api-approved.kubernetes.io: "unapproved, of a test"}
            spec:
              group: %1$s
              scope: Namespaced
              names: {kind: %2$s, plural: %3$s, singular: %4$s, listKind: %2$sList}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """
                .formatted(group, kind, plural, kind.toLowerCase(java.util.Locale.ROOT)));
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300));
  }

  private static boolean isThere(String kind) {
    return !CLUSTER.get(kind, GATEWAY).isMissingNode();
  }

  @Test
  void shouldPutBackWhatSomebodyChanges() {
    patch(VPA, "{\"spec\":{\"updatePolicy\":{\"updateMode\":\"Off\"}}}");
    patch(AUTHENTICATION, "{\"spec\":{\"mtls\":{\"mode\":\"STRICT\"}}}");

    soon()
        .untilAsserted(
            () -> {
              assertThat(CLUSTER.get(VPA, GATEWAY).at("/spec/updatePolicy/updateMode").asText())
                  .isEqualTo("InPlaceOrRecreate");
              assertThat(CLUSTER.get(AUTHENTICATION, GATEWAY).at("/spec/mtls/mode").asText())
                  .isEqualTo("PERMISSIVE");
            });
  }

  private static void patch(String kind, String patch) {
    CLUSTER.kubectl().run("patch", kind, GATEWAY, "-n", NAMESPACE, "--type=merge", "-p", patch);
  }

  @Test
  void shouldMakeAgainWhatSomebodyDeletes() {
    CLUSTER.kubectl().run("delete", RULE, "telemetry-otlp", "-n", NAMESPACE);

    soon().until(() -> !CLUSTER.get(RULE, "telemetry-otlp").isMissingNode());
  }

  @Test
  void shouldNotSendWhatIsAsItIsToBe() {
    ManagerWrites writes = new ManagerWrites(API);
    awaitRounds(3); // what other tests have changed is put back
    List<Double> before = sent(writes);

    awaitRounds(3);

    assertThat(sent(writes)).isEqualTo(before);
  }

  private static List<Double> sent(ManagerWrites writes) {
    return List.of(
        writes.counted().getOrDefault("verticalpodautoscalers", 0.0),
        writes.counted().getOrDefault("destinationrules", 0.0),
        writes.counted().getOrDefault("peerauthentications", 0.0));
  }

  /** Asks for so many, one after the other. */
  private static void awaitRounds(int number) {
    for (int i = 0; i < number; i++) {
      double before = rounds();
      CLUSTER
          .kubectl()
          .run(
              "annotate",
              "tracepipeline",
              "demo",
              "--overwrite",
              "example.com/at=" + System.nanoTime());
      soon().until(() -> rounds() > before);
    }
  }

  private static double rounds() {
    var found =
        Pattern.compile("(?m)^caravan_manager_rounds_seconds_count(?:\\{[^}]*})? ([0-9.E]+)$")
            .matcher(manager.admin().get("/metrics").body());
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  @Test
  void shouldRemoveWhatNothingNeedsAnyMore() {
    String annotation = "telemetry.kyma-project.io/enable-vpa";
    CLUSTER
        .kubectl()
        .run("annotate", "telemetry", "default", "-n", NAMESPACE, annotation + "=false");
    try {
      soon().until(() -> !isThere(VPA));
      assertThat(isThere(AUTHENTICATION)).isTrue();
    } finally {
      CLUSTER.kubectl().run("annotate", "telemetry", "default", "-n", NAMESPACE, annotation + "-");
    }
    soon().until(() -> isThere(VPA));
  }

  @Test
  void shouldGoOnWithoutAKindThatGoesAndTakeItUpWhenItIsBack() {
    CLUSTER.kubectl().run("delete", "crd", RULE);

    CLUSTER.kubectl().apply(tracePipeline("meanwhile"));

    CLUSTER.awaitCondition("tracepipeline", "meanwhile", "ConfigurationGenerated", "True ");
    define("networking.istio.io", "DestinationRule", "destinationrules");
    soon().until(() -> !CLUSTER.get(RULE, "telemetry-otlp").isMissingNode());
  }
}
