/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.workload.Emptying;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Claims outlive their gateways. The mark of one says that nothing waited in it when its gateway
 * went; it is taken away as soon as there are gateways with claims again.
 */
public final class EmptiedClaims {
  private static final String MARK = "caravan.io/emptied";

  private EmptiedClaims() {}

  /** Whether a claim has the mark. */
  public static boolean is(PersistentVolumeClaim claim) {
    Map<String, String> annotations = claim.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(MARK);
  }

  /**
   * What is to be applied for the marks to be true.
   *
   * @param ours our objects, as they are
   * @param going those of them that are about to be deleted
   * @param idle whether they go because no pipeline, also no deleted one, has anything left
   */
  public static List<HasMetadata> of(
      Map<ObjectKey, HasMetadata> ours, Collection<HasMetadata> going, boolean idle) {
    List<StatefulSet> sets = of(StatefulSet.class, ours.values()).toList();
    Set<String> emptied =
        of(StatefulSet.class, going)
            .filter(one -> idle || Emptying.is(one))
            .flatMap(EmptiedClaims::names)
            .collect(Collectors.toSet());
    boolean used = sets.stream().anyMatch(one -> !going.contains(one));
    return of(PersistentVolumeClaim.class, ours.values())
        .filter(one -> used ? is(one) : emptied.contains(one.getMetadata().getName()) && !is(one))
        .map(one -> marked(one, used ? Map.of() : Map.of(MARK, "true")))
        .toList();
  }

  private static <T extends HasMetadata> Stream<T> of(
      Class<T> type, Collection<HasMetadata> objects) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  /** As Kubernetes names the claims of its replicas; those of replicas that went before are not. */
  private static Stream<String> names(StatefulSet set) {
    Integer replicas = set.getSpec().getReplicas();
    return set.getSpec().getVolumeClaimTemplates().stream()
        .flatMap(
            claim ->
                IntStream.range(0, replicas == null ? 1 : replicas)
                    .mapToObj(
                        number ->
                            "%s-%s-%d"
                                .formatted(
                                    claim.getMetadata().getName(),
                                    set.getMetadata().getName(),
                                    number)));
  }

  private static HasMetadata marked(PersistentVolumeClaim claim, Map<String, String> annotations) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(claim.getMetadata().getName())
        .withNamespace(claim.getMetadata().getNamespace())
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }
}
