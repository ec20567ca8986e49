/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a manager does when others change its objects, its rights or its API server. */
@ResourceLock(ManagerProcess.LOCK)
class ManagerResilienceTest {
  private static final String NAMESPACE = "kyma-system";
  private static final String RIGHTS = "telemetry-manager-role";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.own();

  private static KubernetesAccess account;
  private static ManagerProcess manager;

  @BeforeAll
  static void install() {
    new ManagerCluster(API).install();
    account = API.users().serviceAccount(NAMESPACE, "telemetry-manager");
    manager = start();
    apply(pipeline("standing", "value: http://backend:4317"));
    await("standing", "ConfigurationGenerated", "True GatewayConfigured");
    soon().until(() -> exists("service", "telemetry-otlp-logs"));
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(300));
  }

  private static void apply(String manifest) {
    // Its webhooks may be about to be registered anew, or the API server about to be back.
    soon()
        .ignoreException(IllegalStateException.class)
        .until(() -> API.kubectl().apply(manifest).code() == 0);
  }

  private static boolean exists(String kind, String name) {
    return API.kubectl().attempt("get", kind, name, "-n", NAMESPACE).code() == 0;
  }

  private static String get(String kind, String name, String path) {
    return API.kubectl().run("get", kind, name, "-n", NAMESPACE, "-o", "jsonpath=" + path);
  }

  private static String condition(String pipeline, String type) {
    return get(
        "tracepipeline",
        pipeline,
        "{.status.conditions[?(@.type==\"%1$s\")].status} {.status.conditions[?(@.type==\"%1$s\")].reason} {.status.conditions[?(@.type==\"%1$s\")].message}"
            .formatted(type));
  }

  private static void await(String pipeline, String type, String... texts) {
    soon().untilAsserted(() -> assertThat(condition(pipeline, type)).contains(texts));
  }

  private static String pipeline(String name, String endpoint) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: TracePipeline
    metadata:
      name: %s
    spec:
      output:
        otlp:
          endpoint: {%s}
    """
        .formatted(name, endpoint);
  }

  private static String reference(String namespace) {
    return "valueFrom: {secretKeyRef: {name: backend, namespace: %s, key: endpoint}}"
        .formatted(namespace);
  }

  private static void secret(String namespace, String endpoint) {
    API.kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: backend, namespace: %s}
            stringData: {endpoint: "%s"}
            """
                .formatted(namespace, endpoint));
  }

  @Test
  void shouldPutBackWhatSomebodyElseChangesAndLeaveWhatIsTheirs() {
    String name = get("service", "telemetry-otlp", "{.metadata.labels.app\\.kubernetes\\.io/name}");

    API.kubectl()
        .run(
            "label",
            "service",
            "telemetry-otlp",
            "-n",
            NAMESPACE,
            "--overwrite",
            "team=shop",
            "app.kubernetes.io/name=other");

    soon()
        .untilAsserted(
            () ->
                assertThat(
                        get(
                            "service",
                            "telemetry-otlp",
                            "{.metadata.labels.app\\.kubernetes\\.io/name} {.metadata.labels.team}"))
                    .isEqualTo(name + " shop"));
  }

  @Test
  void shouldPutBackTheDataOfAShard() {
    String before = get("configmap", "telemetry-plan-03", "{.data}");

    API.kubectl()
        .run(
            "patch",
            "configmap",
            "telemetry-plan-03",
            "-n",
            NAMESPACE,
            "--type=merge",
            "-p",
            "{\"data\":null}");

    soon()
        .untilAsserted(
            () -> assertThat(get("configmap", "telemetry-plan-03", "{.data}")).isEqualTo(before));
  }

  @Test
  void shouldMakeAgainWhatSomebodyDeletes() {
    for (String each :
        List.of(
            "daemonset/telemetry-otlp-gateway",
            "configmap/telemetry-plan-05",
            "secret/telemetry-plan-05")) {
      String uid =
          API.kubectl().run("get", each, "-n", NAMESPACE, "-o", "jsonpath={.metadata.uid}");

      API.kubectl().run("delete", each, "-n", NAMESPACE);

      soon()
          .untilAsserted(
              () ->
                  assertThat(
                          API.kubectl()
                              .attempt(
                                  "get", each, "-n", NAMESPACE, "-o", "jsonpath={.metadata.uid}")
                              .output())
                      .isNotEmpty()
                      .isNotEqualTo(uid));
    }
  }

  @Test
  void shouldGoOnAfterTheApiServerWasKilledAndWriteNothingButWhatIsNew() {
    SortedMap<String, String> shards = new ManagerWrites(API).shards();

    API.kill();
    API.startAgain();
    startAgainIfEnded();
    apply(pipeline("after", "value: http://after:4317"));

    await("after", "ConfigurationGenerated", "True GatewayConfigured");
    assertThat(new ManagerWrites(API).since(shards)).hasSizeLessThanOrEqualTo(2);
    // A server that has started knows no older versions: each watch has expired and begins anew,
    // also of kinds of which nothing has happened for long.
    for (String each : List.of("service/telemetry-otlp-traces", "role/telemetry-otlp-gateway")) {
      API.kubectl().run("delete", each, "-n", NAMESPACE);
      soon().until(() -> API.kubectl().attempt("get", each, "-n", NAMESPACE).code() == 0);
    }
  }

  /** One that could not renew its lease for ten seconds ends, and its Pod starts it again. */
  private static void startAgainIfEnded() {
    if (!manager.process().isAlive()) {
      manager.close();
      manager = start();
    }
  }

  private static ManagerProcess start() {
    return ManagerProcess.start(account, NAMESPACE, "first").awaitActing();
  }

  @Test
  void shouldNameAForbiddenVerbInAConditionAndGoOnWithAllElse() {
    Role shipped = API.client().rbac().roles().inNamespace(NAMESPACE).withName(RIGHTS).get();
    setRules(shipped, withoutWrites(shipped.getRules()));
    try {
      API.kubectl().run("delete", "service", "telemetry-otlp-logs", "-n", NAMESPACE);

      await(
          "standing",
          "GatewayHealthy",
          "False",
          "telemetry-otlp-logs",
          "forbidden",
          "cannot patch resource \"services\"");
      apply(pipeline("meanwhile", "value: http://meanwhile:4317"));
      await("meanwhile", "ConfigurationGenerated", "True GatewayConfigured");
    } finally {
      setRules(shipped, shipped.getRules());
    }
    soon().until(() -> exists("service", "telemetry-otlp-logs"));
    soon()
        .untilAsserted(
            () -> assertThat(condition("standing", "GatewayHealthy")).doesNotContain("forbidden"));
  }

  private static void setRules(Role role, List<PolicyRule> rules) {
    var _ =
        API.client()
            .rbac()
            .roles()
            .inNamespace(NAMESPACE)
            .withName(role.getMetadata().getName())
            .edit(
                now -> {
                  now.setRules(rules);
                  return now;
                });
  }

  /** Services may be read, as the watch of them goes on. */
  private static List<PolicyRule> withoutWrites(List<PolicyRule> rules) {
    List<PolicyRule> left = without("services", rules);
    left.add(
        new PolicyRuleBuilder()
            .withApiGroups("")
            .withResources("services")
            .withVerbs("get", "list", "watch")
            .build());
    return left;
  }

  private static List<PolicyRule> without(String resource, List<PolicyRule> rules) {
    List<PolicyRule> left = new ArrayList<>();
    for (PolicyRule each : rules) {
      List<String> resources =
          each.getResources().stream().filter(one -> !one.equals(resource)).toList();
      if (!resources.isEmpty()) {
        left.add(new PolicyRuleBuilder(each).withResources(resources).build());
      }
    }
    return left;
  }

  @Test
  void shouldFollowASecretThatComesChangesAndGoes() {
    String namespace = API.namespace("team");
    apply(pipeline("secretive", reference(namespace)));
    await("secretive", "ConfigurationGenerated", "False ReferencedSecretMissing");

    secret(namespace, "http://one:4317");
    await("secretive", "ConfigurationGenerated", "True GatewayConfigured");
    SortedMap<String, String> shards = new ManagerWrites(API).shards();

    secret(namespace, "http://two:4317");
    soon().untilAsserted(() -> assertThat(new ManagerWrites(API).since(shards)).hasSize(2));

    API.kubectl().run("delete", "secret", "backend", "-n", namespace);
    await("secretive", "ConfigurationGenerated", "False ReferencedSecretMissing");
  }

  @Test
  void shouldNameSecretsThatItMayNotReadAndReadThemWhenItMay() {
    ClusterRole shipped = API.client().rbac().clusterRoles().withName(RIGHTS).get();
    String namespace = API.namespace("closed");
    secret(namespace, "http://closed:4317");
    setRules(shipped, without("secrets", shipped.getRules()));
    try {
      apply(pipeline("closed", reference(namespace)));

      await(
          "closed",
          "ConfigurationGenerated",
          "False ValidationFailed",
          "Secret 'backend' of Namespace '" + namespace + "' cannot be read",
          "forbidden");
    } finally {
      setRules(shipped, shipped.getRules());
    }
    await("closed", "ConfigurationGenerated", "True GatewayConfigured");
  }

  private static void setRules(ClusterRole role, List<PolicyRule> rules) {
    var _ =
        API.client()
            .rbac()
            .clusterRoles()
            .withName(role.getMetadata().getName())
            .edit(
                now -> {
                  now.setRules(rules);
                  return now;
                });
  }
}
