/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.PredecessorCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.FreePort;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** From the predecessor, by the instructions of {@code docs/upgrade.md}, and back. */
@ResourceLock(ManagerProcess.LOCK)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeTest {
  private static final Pattern TAKEN_OVER = Pattern.compile("Taken over from the predecessor");
  private static final Pattern DONE = Pattern.compile("Nothing is left of the predecessor");
  private static final Duration SOON = Duration.ofSeconds(60);

  /** One for all managers, as it is in a pod: the port is registered. */
  private static final int WEBHOOKS = FreePort.find();

  private static final String GATEWAY = "telemetry-otlp-gateway";

  @RegisterExtension static final KubernetesApi API = KubernetesApi.ownWithControllers();

  private static @Nullable ManagerProcess manager;
  private static String gatewayBefore = "";
  private static String refusal = "";

  @BeforeAll
  static void upgradeAndKillItInTheMiddle() throws IOException {
    PredecessorCluster.make(API);
    kubectl().run("annotate", "daemonset", GATEWAY, "-n", NAMESPACE, "team=blue");
    kubectl()
        .run(
            "patch",
            "daemonset",
            GATEWAY,
            "-n",
            NAMESPACE,
            "--type=merge",
            "--field-manager=edit",
            "-p",
            "{\"spec\":{\"minReadySeconds\":7}}");
    gatewayBefore = gateway().getMetadata().getUid();
    refusal =
        kubectl()
            .attempt("apply", "--server-side", "--force-conflicts", "-f", "deploy/install.yaml")
            .errors();
    PredecessorCluster.install(API);
    try (ManagerProcess first = start("killed")) {
      first.process().await(TAKEN_OVER, 3);
      first.process().kill();
    }
    manager = start("second").awaitActing();
    awaitDone(manager);
  }

  /** The first round and, ten seconds later, what is done once. */
  private static void awaitDone(ManagerProcess process) {
    await().atMost(SOON).until(() -> DONE.matcher(process.process().text()).find());
  }

  private static ManagerProcess start(String identity) {
    return ManagerProcess.start(
        API.users().serviceAccount(NAMESPACE, "telemetry-manager"),
        NAMESPACE,
        identity,
        "--webhook-port=" + WEBHOOKS);
  }

  @AfterAll
  static void stop() {
    if (manager != null) {
      manager.close();
    }
  }

  private static Kubectl kubectl() {
    return API.kubectl();
  }

  private static KubernetesClient client() {
    return API.client();
  }

  private static DaemonSet gateway() {
    return client().apps().daemonSets().inNamespace(NAMESPACE).withName(GATEWAY).get();
  }

  @Test
  @Order(1)
  void shouldNeedThePredecessorsDeploymentDeletedSinceItsSelectorCannotBeChanged() {
    assertThat(refusal)
        .contains("Deployment", "telemetry-manager")
        .contains("spec.selector", "field is immutable");
    assertThat(refusal.lines().filter(line -> line.contains("is invalid"))).hasSize(1);
  }

  @Test
  @Order(2)
  void shouldTakeTheGatewayOverInPlaceWithNothingOfItsFormerSelf() {
    DaemonSet now = gateway();

    assertThat(now.getMetadata().getUid()).isEqualTo(gatewayBefore);
    var pod = now.getSpec().getTemplate();
    assertThat(pod.getSpec().getContainers()).extracting(Container::getName).hasSize(1);
    assertThat(pod.getSpec().getContainers().getFirst().getArgs())
        .doesNotContain("--config=/conf/relay.conf");
    assertThat(pod.getSpec().getContainers().getFirst().getEnvFrom()).isEmpty();
    assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).doesNotContain("config");
    assertThat(pod.getMetadata().getAnnotations()).doesNotContainKey("checksum/config");
    Service service = client().services().inNamespace(NAMESPACE).withName("telemetry-otlp").get();
    assertThat(service.getSpec().getPorts())
        .extracting(ServicePort::getPort)
        .containsExactlyInAnyOrder(4317, 4318);
    assertThat(
            client()
                .services()
                .inNamespace(NAMESPACE)
                .withName(GATEWAY + "-metrics")
                .get()
                .getMetadata()
                .getAnnotations())
        .doesNotContainKey("prometheus.io/path");
  }

  @Test
  @Order(3)
  void shouldLeaveTheFieldsThatUsersHaveSet() {
    assertThat(gateway().getMetadata().getAnnotations()).containsEntry("team", "blue");
    assertThat(gateway().getSpec().getMinReadySeconds()).isEqualTo(7);
  }

  @Test
  @Order(4)
  void shouldLeaveNoFieldThatThePredecessorOwns() throws IOException {
    List<HasMetadata> left =
        PredecessorCluster.madeByItsManager(client()).stream()
            .map(each -> client().resource(each).get())
            .filter(Objects::nonNull)
            .toList();

    assertThat(left).hasSizeGreaterThan(12);
    assertThat(left)
        .allSatisfy(
            each ->
                assertThat(each.getMetadata().getManagedFields())
                    .as("%s %s", each.getKind(), each.getMetadata().getName())
                    .extracting(ManagedFieldsEntry::getManager)
                    .contains("caravan")
                    .doesNotContain("manager"));
  }

  @Test
  @Order(5)
  void shouldRemoveWhatNothingGoesOnWithAndNoObjectOfUsers() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(names())
                    .noneMatch(name -> name.contains("fluent-bit") && !name.contains("parsers"))
                    .noneMatch(name -> name.contains("self-monitor"))
                    .noneMatch(name -> name.endsWith("-lock") || name.contains("coordination"))
                    .noneMatch(name -> name.contains("-agent"))
                    .doesNotContain("configmap/" + GATEWAY, "secret/" + GATEWAY));
    assertThat(names())
        .contains(
            "configmap/telemetry-overrides",
            "configmap/telemetry-fluent-bit-parsers",
            "configmap/our-dashboard",
            "configmap/telemetry-busola-config",
            "configmap/logpipelines-busola-config",
            "secret/backend",
            "service/telemetry-collector");
  }

  private static List<String> names() {
    return Stream.of(
            kubectl()
                .run(
                    "get",
                    "configmap,secret,service,serviceaccount,daemonset,deployment,networkpolicy,"
                        + "role,rolebinding",
                    "-n",
                    NAMESPACE,
                    "-o",
                    "name"),
            kubectl().run("get", "clusterrole,clusterrolebinding", "-o", "name"))
        .flatMap(String::lines)
        .toList();
  }

  @Test
  @Order(6)
  void shouldStoreAnewWhatIsStoredInTheOlderVersion() {
    for (String plural : List.of("logpipelines", "metricpipelines", "tracepipelines")) {
      assertThat(stored(plural + ".telemetry.kyma-project.io")).isEqualTo("[\"v1beta1\"]");
    }
    assertThat(stored("telemetries.operator.kyma-project.io")).isEqualTo("[\"v1beta1\"]");
    assertThat(kubectl().run("get", "logpipeline", "shop", "-o", "jsonpath={.spec.input.runtime}"))
        .contains("\"enabled\":true", "shop");
  }

  private static String stored(String definition) {
    return kubectl().run("get", "crd", definition, "-o", "jsonpath={.status.storedVersions}");
  }

  @Test
  @Order(7)
  void shouldWriteNothingWhenItStartsAgain() {
    Objects.requireNonNull(manager).close();
    String before = versions();

    ManagerProcess again = start("third").awaitActing();
    manager = again;
    awaitDone(again);

    assertThat(versions()).isEqualTo(before);
    assertThat(again.process().text()).doesNotContain("Taken over", "Deleted:", "Stored anew");
  }

  /** Leases aside, which are renewed. */
  private static String versions() {
    return kubectl()
        .run(
            "get",
            "configmap,secret,service,serviceaccount,daemonset,networkpolicy,role,rolebinding,"
                + "telemetry,tracepipeline,logpipeline,mutatingwebhookconfiguration,"
                + "validatingwebhookconfiguration,crd,clusterrole,clusterrolebinding",
            "-A",
            "-o",
            "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{'\\n'}"
                + "{end}");
  }

  @Test
  @Order(8)
  void shouldLeaveNothingThatKeepsThePredecessorFromTakingOverAgain() {
    Objects.requireNonNull(manager).close();
    manager = null;
    kubectl().run("delete", "secret", "telemetry-webhook-cert", "-n", NAMESPACE);
    kubectl().run("delete", "clusterrole,clusterrolebinding", GATEWAY);
    kubectl()
        .run(
            "delete",
            "configmap,secret",
            "-n",
            NAMESPACE,
            "-l",
            "app.kubernetes.io/component=plan");

    PredecessorCluster.writeAsItsManager(API);

    var pod = gateway().getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers()).extracting(Container::getName).containsExactly("collector");
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getVolumes()).extracting(Volume::getName).containsExactly("config");
  }
}
