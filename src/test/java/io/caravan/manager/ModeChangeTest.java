/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.probe.PodReport;
import io.caravan.manager.probe.PodView;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.Emptying;
import io.caravan.manager.workload.Installation;
import io.caravan.manager.workload.Needs;
import io.caravan.manager.workload.Workloads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The DaemonSet after a change to claims")
class ModeChangeTest {
  private static final Installation INSTALLATION =
      Installation.of("kyma-system", "localhost/caravan:2");
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private final DaemonSet serving = serving();
  private final HasMetadata emptying =
      Emptying.of(INSTALLATION, serving).map(ModeChangeTest::rolledOut).orElseThrow();

  @Test
  void shouldGoWhenEachPodThatTakesNothingNewHasSaidThatNothingIsLeft() {
    assertThat(stays(emptying, pods(2, emptying), 2, true)).isFalse();
  }

  @Test
  void shouldStayWhileAPodHasSomethingOrSaysNothingOrCannotBeAsked() {
    List<Pod> pods = pods(2, emptying);

    assertThat(stays(emptying, pods, 2, false)).isTrue();
    assertThat(stays(emptying, pods, 1, true)).isTrue();
    assertThat(stays(emptying, pods, 0, true)).isTrue();
  }

  @Test
  void shouldStayWhenThePodsThatAreSeenAreFewerOrOlderThanTheWorkload() {
    assertThat(stays(emptying, List.of(), 0, true)).isTrue();
    assertThat(stays(emptying, pods(1, emptying), 1, true)).isTrue();
    assertThat(stays(emptying, pods(2, serving), 2, true)).isTrue();
  }

  /**
   * Whether it stays.
   *
   * @param answers how many of the pods have answered
   * @param emptied what they have answered
   */
  private static boolean stays(HasMetadata workload, List<Pod> pods, int answers, boolean emptied) {
    HasMetadata present =
        new StatefulSetBuilder()
            .withNewMetadata()
            .withName("telemetry-otlp-gateway")
            .withNamespace("kyma-system")
            .withUid("present")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .endSpec()
            .withNewStatus()
            .withObservedGeneration(1L)
            .withReplicas(1)
            .withUpdatedReplicas(1)
            .withReadyReplicas(1)
            .endStatus()
            .build();
    Map<ObjectKey, HasMetadata> ours = new HashMap<>();
    List.of(workload, present).forEach(one -> ours.put(ObjectKey.of(one), one));
    ClusterState state =
        new ClusterState(
            List.of(), Optional.empty(), List.of(), List.of(), ours, pods, List.of(), Set.of());
    PodReport report = new PodReport(Map.of(), Map.of(), emptied);
    return !new ModeChange(
            INSTALLATION,
            state,
            pods,
            names ->
                names.stream()
                    .limit(answers)
                    .map(name -> new PodView(name, NOW, Optional.of(report), Optional.empty()))
                    .toList())
        .former(WorkloadKind.STATEFUL_SET, NOW)
        .isSuperfluous(workload);
  }

  private static List<Pod> pods(int count, HasMetadata workload) {
    DaemonSet set = (DaemonSet) workload;
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                new PodBuilder()
                    .withMetadata(set.getSpec().getTemplate().getMetadata())
                    .editMetadata()
                    .withName("telemetry-otlp-gateway-" + number)
                    .addNewOwnerReference()
                    .withKind("DaemonSet")
                    .withName(set.getMetadata().getName())
                    .withUid("former")
                    .endOwnerReference()
                    .endMetadata()
                    .build())
        .toList();
  }

  private static DaemonSet serving() {
    return Workloads.of(
            INSTALLATION,
            Optional.empty(),
            new Needs(Set.of(Component.GATEWAY), Optional.empty(), Optional.empty()))
        .stream()
        .filter(DaemonSet.class::isInstance)
        .map(DaemonSet.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** On two nodes. */
  private static HasMetadata rolledOut(HasMetadata workload) {
    return new DaemonSetBuilder((DaemonSet) workload)
        .editMetadata()
        .withUid("former")
        .withGeneration(2L)
        .endMetadata()
        .withNewStatus()
        .withObservedGeneration(2L)
        .withDesiredNumberScheduled(2)
        .withUpdatedNumberScheduled(2)
        .withNumberReady(2)
        .endStatus()
        .build();
  }
}
