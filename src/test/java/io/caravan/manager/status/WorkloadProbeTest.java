/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Telemetry.Gateway;
import io.caravan.api.Telemetry.GatewayMode;
import io.caravan.api.Telemetry.Journal;
import io.caravan.api.Telemetry.JournalType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("How a workload stands")
class WorkloadProbeTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final WorkloadHealth ROLLING_OUT = new WorkloadHealth.RollingOut();
  private static final List<Node> NODES = List.of(node("worker", "True"), node("lost", "Unknown"));

  private final WorkloadProbe probe = new WorkloadProbe(Component.GATEWAY, WorkloadKind.DAEMON_SET);

  @Test
  void shouldSayThatThereIsNone() {
    assertThat(probe.of(Optional.empty(), List.of(), NODES, NOW))
        .isEqualTo(notReady("DaemonSet is not yet created"));
    assertThat(
            new WorkloadProbe(Component.GATEWAY, WorkloadKind.DEPLOYMENT)
                .of(Optional.empty(), List.of(), NODES, NOW))
        .isEqualTo(notReady("Deployment is not yet created"));
  }

  @Test
  void shouldSayThatNobodyTellsIt() {
    assertThat(probe.unreadable()).isEqualTo(notReady("Failed to get DaemonSet"));
  }

  @Test
  void shouldBeReadyWithAllPodsReadyAndUpToDate() {
    assertThat(health(daemonSet(3, 3, 3))).isEqualTo(new WorkloadHealth.Ready());
  }

  @Test
  void shouldNotTrustAStatusOfAnEarlierVersion() {
    HasMetadata set = daemonSet(3, 3, 3);
    set.getMetadata().setGeneration(8L);

    assertThat(health(set, pod("a", "worker", RUNNING))).isEqualTo(ROLLING_OUT);
    set.getMetadata().setGeneration(7L);
    assertThat(health(set, pod("a", "worker", RUNNING))).isEqualTo(new WorkloadHealth.Ready());
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 3", "3, 3, 2", "3, 0, 0"})
  void shouldRollOutWhileNoPodFails(int desired, int updated, int ready) {
    assertThat(health(daemonSet(desired, updated, ready), pod("a", "worker", RUNNING)))
        .isEqualTo(ROLLING_OUT);
  }

  @Test
  void shouldGiveTheControllersTheTimeToMakeTheFirstPod() {
    HasMetadata set = daemonSet(1, 0, 0);
    set.getMetadata().setCreationTimestamp(NOW.minusSeconds(9).toString());
    assertThat(health(set)).isEqualTo(ROLLING_OUT);

    set.getMetadata().setCreationTimestamp(NOW.minusSeconds(11).toString());
    assertThat(health(set)).isEqualTo(notReady("No Pods deployed"));
  }

  @Test
  void shouldSayThatNoNodeTakesIt() {
    assertThat(health(daemonSet(0, 0, 0))).isEqualTo(notReady("No Pods deployed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CrashLoopBackOff",
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
        "CreateContainerConfigError"
      })
  void shouldSayWhichContainerDoesNotRun(String reason) {
    Pod pod = pod("a", "worker", waiting(reason, "{}"));

    assertThat(health(daemonSet(1, 1, 0), pod))
        .isEqualTo(
            notReady(
                "Pod is in the pending state because container: gateway is not running due to: %s. Please check the container: gateway logs."
                    .formatted(reason)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state: {terminated: {reason: OOMKilled, exitCode: 137}}",
        "{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: OOMKilled}}}"
      })
  void shouldSayThatItsMemoryIsTooSmall(String state) {
    String body = state.startsWith("{") ? state.substring(1, state.length() - 1) : state;
    Pod pod =
        pod("a", "worker", "phase: Running, containerStatuses: [{name: gateway, " + body + "}]");

    assertThat(health(daemonSet(1, 1, 0), pod))
        .isEqualTo(
            notReady(
                "Pod is in the pending state because container: gateway is not running due to: OOMKilled. Please check the container: gateway logs."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCreating", "PodInitializing"})
  void shouldWaitForAContainerThatIsBeingMade(String reason) {
    assertThat(health(daemonSet(1, 1, 0), pod("a", "worker", waiting(reason, "{}"))))
        .isEqualTo(ROLLING_OUT);
  }

  @Test
  void shouldLookAtInitContainersToo() {
    Pod pod =
        pod(
            "a",
            "worker",
            "phase: Pending, initContainerStatuses: [{name: own-data, state: {waiting: {reason: ErrImagePull}}}]");

    assertThat(health(daemonSet(1, 1, 0), pod))
        .isEqualTo(
            notReady(
                "Pod is in the pending state because container: own-data is not running due to: ErrImagePull. Please check the container: own-data logs."));
  }

  @Test
  void shouldSayThatAPodWasEvicted() {
    Pod pod =
        pod(
            "a",
            "worker",
            "phase: Failed, reason: Evicted, message: 'The node was low on resource: memory.'");

    assertThat(health(daemonSet(1, 1, 0), pod))
        .isEqualTo(
            notReady(
                "Pod is in the failed state due to: Evicted: The node was low on resource: memory."));
  }

  @Test
  void shouldSayWhyAPodFindsNoNode() {
    Pod pod =
        pod(
            "a",
            "",
            "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/3 nodes are available: 3 Insufficient memory.'}]");

    assertThat(health(daemonSet(1, 0, 0), pod))
        .isEqualTo(
            notReady("Pod is not scheduled: 0/3 nodes are available: 3 Insufficient memory."));
  }

  @Test
  void shouldLeavePodsOnNodesThatAreAwayToTheRollOut() {
    assertThat(
            health(
                daemonSet(3, 3, 1),
                pod("a", "lost", waiting("CrashLoopBackOff", "{}")),
                pod("b", "gone", "phase: Failed, reason: NodeLost")))
        .isEqualTo(ROLLING_OUT);
  }

  @Test
  void shouldLeaveAPodThatIsAboutToEndAlone() {
    Pod ending = pod("a", "worker", waiting("CrashLoopBackOff", "{}"));
    ending.getMetadata().setDeletionTimestamp(NOW.toString());

    assertThat(health(daemonSet(1, 0, 0), ending)).isEqualTo(ROLLING_OUT);
  }

  @Test
  void shouldGiveUpAPodThatDoesNotBecomeReady() {
    Duration patience = WorkloadProbe.PATIENCE;

    assertThat(health(daemonSet(1, 1, 0), unready("worker", patience.minusSeconds(1))))
        .isEqualTo(ROLLING_OUT);
    assertThat(health(daemonSet(1, 1, 0), unready("worker", patience.plusSeconds(1))))
        .isEqualTo(notReady("OTLP Gateway DaemonSet is not ready"));
    assertThat(health(daemonSet(1, 1, 0), unready("lost", patience.plusSeconds(1))))
        .isEqualTo(ROLLING_OUT);
  }

  @Test
  void shouldKnowDeployments() {
    WorkloadProbe central = new WorkloadProbe(Component.GATEWAY, WorkloadKind.DEPLOYMENT);
    HasMetadata all = deployment("replicas: 2, updatedReplicas: 2, readyReplicas: 2");
    HasMetadata oldIsThere = deployment("replicas: 3, updatedReplicas: 2, readyReplicas: 2");
    HasMetadata stuck =
        deployment(
            "replicas: 2, updatedReplicas: 2, readyReplicas: 1, conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded}]");
    List<Pod> pods = List.of(pod("a", "worker", RUNNING));

    assertThat(central.of(Optional.of(all), pods, NODES, NOW))
        .isEqualTo(new WorkloadHealth.Ready(WorkloadKind.DEPLOYMENT));
    assertThat(central.of(Optional.of(oldIsThere), pods, NODES, NOW)).isEqualTo(ROLLING_OUT);
    assertThat(central.of(Optional.of(stuck), pods, NODES, NOW))
        .isEqualTo(notReady("OTLP Gateway Deployment is not ready"));
  }

  @Test
  void shouldKnowStatefulSets() {
    WorkloadProbe central = new WorkloadProbe(Component.GATEWAY, WorkloadKind.STATEFUL_SET);
    HasMetadata all = statefulSet("replicas: 2, updatedReplicas: 2, readyReplicas: 2");
    HasMetadata half = statefulSet("replicas: 2, updatedReplicas: 1, readyReplicas: 2");
    Pod claimless =
        pod(
            "telemetry-otlp-gateway-0",
            "",
            "phase: Pending, conditions: [{type: PodScheduled, status: 'False', message: pod has unbound immediate PersistentVolumeClaims}]");

    assertThat(central.of(Optional.of(all), List.of(), NODES, NOW))
        .isEqualTo(new WorkloadHealth.Ready(WorkloadKind.STATEFUL_SET));
    assertThat(central.of(Optional.of(half), List.of(pod("a", "worker", RUNNING)), NODES, NOW))
        .isEqualTo(ROLLING_OUT);
    assertThat(central.of(Optional.of(half), List.of(claimless), NODES, NOW))
        .isEqualTo(
            notReady("Pod is not scheduled: pod has unbound immediate PersistentVolumeClaims"));
  }

  @Test
  void shouldKnowAsWhatTheGatewayIsDeployed() {
    assertThat(WorkloadKind.of(Gateway.DEFAULT)).isEqualTo(WorkloadKind.DAEMON_SET);
    assertThat(WorkloadKind.of(central(Optional.empty()))).isEqualTo(WorkloadKind.DEPLOYMENT);
    assertThat(WorkloadKind.of(central(Optional.of(JournalType.PERSISTENT_VOLUME_CLAIM))))
        .isEqualTo(WorkloadKind.STATEFUL_SET);
  }

  private static Gateway central(Optional<JournalType> type) {
    return new Gateway(GatewayMode.CENTRAL, new Journal(type, Optional.empty()));
  }

  private static final String RUNNING =
      "phase: Running, containerStatuses: [{name: gateway, state: {running: {}}}]";

  private WorkloadHealth health(HasMetadata workload, Pod... pods) {
    return probe.of(Optional.of(workload), List.of(pods), NODES, NOW);
  }

  private static WorkloadHealth notReady(String message) {
    return new WorkloadHealth.NotReady(message);
  }

  private static HasMetadata daemonSet(int desired, int updated, int ready) {
    return parse(
        "apiVersion: apps/v1\nkind: DaemonSet\n"
            + METADATA
            + "status: {observedGeneration: 7, desiredNumberScheduled: %d, updatedNumberScheduled: %d, numberReady: %d}\n"
                .formatted(desired, updated, ready),
        DaemonSet.class);
  }

  private static HasMetadata deployment(String status) {
    return parse(replicas("Deployment", status), Deployment.class);
  }

  private static HasMetadata statefulSet(String status) {
    return parse(replicas("StatefulSet", status), StatefulSet.class);
  }

  private static String replicas(String kind, String status) {
    return "apiVersion: apps/v1\nkind: %s\n".formatted(kind)
        + METADATA
        + "spec: {replicas: 2}\nstatus: {observedGeneration: 7, %s}\n".formatted(status);
  }

  private static final String METADATA =
      "metadata: {name: telemetry-otlp-gateway, generation: 7, creationTimestamp: '2026-01-01T00:00:00Z'}\n";

  private static String waiting(String reason, String last) {
    return "phase: Pending, containerStatuses: [{name: gateway, state: {waiting: {reason: %s}}, lastState: %s}]"
        .formatted(reason, last);
  }

  private static Pod unready(String node, Duration since) {
    return pod(
        "a",
        node,
        RUNNING
            + ", conditions: [{type: Ready, status: 'False', lastTransitionTime: '%s'}]"
                .formatted(NOW.minus(since)));
  }

  private static Pod pod(String name, String node, String status) {
    return parse(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {nodeName: '%s'}\nstatus: {%s}\n"
            .formatted(name, node, status),
        Pod.class);
  }

  private static Node node(String name, String ready) {
    return parse(
        "apiVersion: v1\nkind: Node\nmetadata: {name: %s}\nstatus: {conditions: [{type: Ready, status: '%s'}]}\n"
            .formatted(name, ready),
        Node.class);
  }

  private static <T> T parse(String yaml, Class<T> type) {
    return YAML.unmarshal(yaml, type);
  }
}
