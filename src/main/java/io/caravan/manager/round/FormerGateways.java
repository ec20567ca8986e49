/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.Emptying;
import io.caravan.manager.workload.Installation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What becomes of gateways of another mode than the present one. They serve until those of the
 * present mode are ready, then they deliver what is in their journals and take nothing new, and
 * when they have delivered everything they go.
 *
 * @param emptying workloads that are to deliver what they have, to be applied
 * @param kept workloads that are not to be deleted, those that are emptied among them
 * @param serving whether some serve senders, as those of the present mode are not ready
 */
public record FormerGateways(List<HasMetadata> emptying, Set<ObjectKey> kept, boolean serving) {
  /** None. */
  public static final FormerGateways NONE = new FormerGateways(List.of(), Set.of(), false);

  private static final Set<String> KINDS =
      Arrays.stream(WorkloadKind.values())
          .map(WorkloadKind::toString)
          .collect(Collectors.toUnmodifiableSet());

  public FormerGateways {
    emptying = List.copyOf(emptying);
    kept = Set.copyOf(kept);
  }

  /**
   * Decides.
   *
   * @param ours our objects, as they are
   * @param present what gateways are deployed as now
   * @param ready whether those of the present mode are all ready
   * @param emptied whether the pods of a workload have said that they have nothing left
   */
  public static FormerGateways of(
      Installation installation,
      Map<ObjectKey, HasMetadata> ours,
      WorkloadKind present,
      boolean ready,
      Predicate<HasMetadata> emptied) {
    List<HasMetadata> emptying = new ArrayList<>();
    Set<ObjectKey> kept = new TreeSet<>();
    for (HasMetadata each : former(ours, present)) {
      if (!ready) {
        kept.add(ObjectKey.of(each));
      } else if (!(Emptying.is(each) && emptied.test(each))) {
        Emptying.of(installation, each).ifPresent(emptying::add);
      }
    }
    boolean serving =
        former(ours, present).stream()
            .anyMatch(each -> kept.contains(ObjectKey.of(each)) && !Emptying.is(each));
    emptying.forEach(each -> kept.add(ObjectKey.of(each)));
    return new FormerGateways(emptying, kept, serving);
  }

  /** Whether an object that nothing desires may be deleted. */
  public boolean isSuperfluous(HasMetadata object) {
    return !kept.contains(ObjectKey.of(object));
  }

  private static List<HasMetadata> former(Map<ObjectKey, HasMetadata> ours, WorkloadKind present) {
    return ours.entrySet().stream()
        .filter(one -> KINDS.contains(one.getKey().kind()))
        .filter(one -> !one.getKey().kind().equals(present.toString()))
        .filter(one -> one.getKey().name().equals(Component.GATEWAY.objectName()))
        .map(Map.Entry::getValue)
        .filter(one -> !one.isMarkedForDeletion())
        .sorted(Comparator.comparing(ObjectKey::of))
        .toList();
  }

  /**
   * While former gateways serve, senders are led to whichever there are, and not only to those of
   * their node.
   */
  public void lead(List<HasMetadata> objects) {
    if (!serving) {
      return;
    }
    for (HasMetadata each : objects) {
      if (each instanceof Service service
          && "Local".equals(service.getSpec().getInternalTrafficPolicy())) {
        service.getSpec().setInternalTrafficPolicy("Cluster");
      }
    }
  }
}
