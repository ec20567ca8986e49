/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.Emptying;
import io.caravan.manager.workload.Installation;
import io.caravan.manager.workload.Needs;
import io.caravan.manager.workload.Workloads;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gateways of another mode")
class FormerGatewaysTest {
  private static final Installation INSTALLATION =
      Installation.of("kyma-system", "localhost/caravan:2");
  private static final boolean EMPTIED = true;
  private static final boolean HOLDS_SOMETHING = false;

  private final List<HasMetadata> objects =
      Workloads.of(
          INSTALLATION,
          Optional.empty(),
          new Needs(Set.of(Component.GATEWAY), Optional.empty(), Optional.empty()));
  private final DaemonSet daemonSet =
      objects.stream()
          .filter(DaemonSet.class::isInstance)
          .map(DaemonSet.class::cast)
          .findFirst()
          .orElseThrow();

  private static FormerGateways of(
      HasMetadata live, WorkloadKind present, boolean ready, boolean emptied) {
    Map<ObjectKey, HasMetadata> ours = new HashMap<>(Map.of(ObjectKey.of(live), live));
    return FormerGateways.of(INSTALLATION, ours, present, ready, _ -> emptied);
  }

  @Test
  void shouldLeaveThoseOfThePresentModeAlone() {
    FormerGateways former = of(daemonSet, WorkloadKind.DAEMON_SET, true, EMPTIED);

    assertThat(former).isEqualTo(FormerGateways.NONE);
  }

  @Test
  void shouldServeForTheWholeClusterUntilThoseOfThePresentModeAreReady() {
    FormerGateways former = of(daemonSet, WorkloadKind.STATEFUL_SET, false, EMPTIED);

    former.lead(objects);

    assertThat(former.emptying()).isEmpty();
    assertThat(former.isSuperfluous(daemonSet)).isFalse();
    assertThat(services()).isNotEmpty().allMatch(each -> policy(each).equals("Cluster"));
  }

  @Test
  void shouldThenTakeNothingNewAndStayForAsLongAsTheyHoldSomething() {
    FormerGateways former = of(daemonSet, WorkloadKind.STATEFUL_SET, true, HOLDS_SOMETHING);

    former.lead(objects);

    assertThat(former.isSuperfluous(daemonSet)).isFalse();
    assertThat(policy(services().getFirst())).isEqualTo("Local");
    DaemonSet emptying = (DaemonSet) former.emptying().getFirst();
    assertThat(emptying.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(daemonSet.getSpec().getSelector().getMatchLabels());
    for (Service each : services()) {
      assertThat(daemonSet.getSpec().getTemplate().getMetadata().getLabels())
          .containsAllEntriesOf(each.getSpec().getSelector());
      assertThat(emptying.getSpec().getTemplate().getMetadata().getLabels().entrySet())
          .isNotEqualTo(each.getSpec().getSelector().entrySet())
          .matches(labels -> !labels.containsAll(each.getSpec().getSelector().entrySet()));
    }
    Container container = emptying.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(container.getArgs()).contains("--grpc-port=0", "--http-port=0");
    assertThat(Emptying.of(INSTALLATION, emptying)).contains(emptying);
  }

  @Test
  void shouldGoWhenTheyHaveBeenEmptiedAndNotBeforeTheyTookNothingNew() {
    FormerGateways first = of(daemonSet, WorkloadKind.STATEFUL_SET, true, EMPTIED);
    HasMetadata emptying = first.emptying().getFirst();

    FormerGateways then = of(emptying, WorkloadKind.STATEFUL_SET, true, EMPTIED);

    assertThat(first.isSuperfluous(daemonSet)).isFalse();
    assertThat(then).isEqualTo(FormerGateways.NONE);
  }

  @Test
  void shouldServeNobodyAgainWhenThoseOfThePresentModeAreAwayLater() {
    HasMetadata emptying =
        of(daemonSet, WorkloadKind.STATEFUL_SET, true, EMPTIED).emptying().getFirst();

    FormerGateways later = of(emptying, WorkloadKind.STATEFUL_SET, false, EMPTIED);

    assertThat(later.serving()).isFalse();
    assertThat(later.isSuperfluous(emptying)).isFalse();
  }

  @Test
  void shouldGoAtOnceWhereTheirPodsDeliverBeforeTheyEnd() {
    HasMetadata deployment =
        new DeploymentBuilder()
            .withMetadata(daemonSet.getMetadata())
            .withNewSpec()
            .endSpec()
            .build();

    assertThat(of(deployment, WorkloadKind.DAEMON_SET, true, HOLDS_SOMETHING))
        .isEqualTo(FormerGateways.NONE);
    assertThat(of(deployment, WorkloadKind.DAEMON_SET, false, HOLDS_SOMETHING).serving()).isTrue();
  }

  private List<Service> services() {
    return objects.stream()
        .filter(Service.class::isInstance)
        .map(Service.class::cast)
        .filter(each -> each.getSpec().getInternalTrafficPolicy() != null)
        .toList();
  }

  private static String policy(Service service) {
    return service.getSpec().getInternalTrafficPolicy();
  }
}
