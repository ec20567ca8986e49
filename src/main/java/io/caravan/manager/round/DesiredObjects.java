/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.Telemetry;
import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.cluster.OptionalKind;
import io.caravan.manager.upgrade.Predecessor;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.Installation;
import io.caravan.manager.workload.Labels;
import io.caravan.manager.workload.Needs;
import io.caravan.manager.workload.Needs.Mesh;
import io.caravan.manager.workload.Needs.VerticalScaling;
import io.caravan.manager.workload.Workloads;
import io.caravan.plan.Plan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What a cluster is to hold besides the plan's own objects. */
public final class DesiredObjects {
  private static final String MESH = ".istio.io";
  private static final Set<String> KEPT =
      Set.of("PersistentVolumeClaim", "CustomResourceDefinition");
  private static final String OWNER = "telemetry-manager-role";

  private final Installation installation;
  private final ClusterState state;

  public DesiredObjects(Installation installation, ClusterState state) {
    this.installation = installation;
    this.state = state;
  }

  /**
   * The workloads that a plan needs, and all that belongs to them.
   *
   * @param plan what the shards say, with the deleted pipelines that still deliver
   */
  public List<HasMetadata> workloads(Optional<Telemetry> telemetry, Plan plan) {
    return owned(
        Workloads.of(installation, telemetry, needs(plan)).stream().filter(this::isThere).toList());
  }

  /** Whether the cluster has the kind of an object; a mesh may be installed in part. */
  private boolean isThere(HasMetadata object) {
    return OptionalKind.of(object)
        .map(kind -> state.definitions().contains(kind.definition()))
        .orElse(true);
  }

  /**
   * What they need of the data plane. Log and metric agents are not part of this version: the plan
   * has their place, and nothing runs in it.
   */
  private Needs needs(Plan plan) {
    Set<Component> components = EnumSet.noneOf(Component.class);
    boolean runs =
        plan.pipelines().stream()
            .anyMatch(one -> one.routes().isPresent() || one.deletedAt().isPresent());
    if (runs) {
      components.add(Component.GATEWAY);
    }
    return new Needs(components, mesh(), verticalScaling());
  }

  private Optional<Mesh> mesh() {
    return state.definitions().stream().anyMatch(one -> one.endsWith(MESH))
        ? Optional.of(new Mesh(new TreeSet<>()))
        : Optional.empty();
  }

  private Optional<VerticalScaling> verticalScaling() {
    return state.definitions().contains(OptionalKind.VERTICAL_POD_AUTOSCALER.definition())
        ? Optional.of(new VerticalScaling(smallestNode()))
        : Optional.empty();
  }

  private OptionalLong smallestNode() {
    return state.nodes().stream()
        .map(one -> one.getStatus().getAllocatable())
        .filter(Objects::nonNull)
        .map(one -> one.get("memory"))
        .filter(Objects::nonNull)
        .mapToLong(DesiredObjects::bytes)
        .min();
  }

  private static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).longValue();
  }

  /**
   * Objects of the whole cluster go with the manager's own role: nothing that a namespace does not
   * take with it is left behind when all of {@code deploy/install.yaml} is deleted.
   */
  public List<HasMetadata> owned(List<HasMetadata> objects) {
    for (HasMetadata each : objects) {
      if (each.getMetadata().getNamespace() == null && !KEPT.contains(each.getKind())) {
        owner().ifPresent(owner -> each.getMetadata().setOwnerReferences(List.of(owner)));
      }
    }
    return objects;
  }

  private Optional<OwnerReference> owner() {
    return state.ours().values().stream()
        .filter(
            one -> one.getKind().equals("ClusterRole") && one.getMetadata().getName().equals(OWNER))
        .findFirst()
        .map(
            one ->
                new OwnerReferenceBuilder()
                    .withApiVersion(one.getApiVersion())
                    .withKind(one.getKind())
                    .withName(OWNER)
                    .withUid(one.getMetadata().getUid())
                    .build());
  }

  /**
   * Our objects that nothing desires, and the predecessor's: what is not the manager's own, no
   * resource definition, and no claim, which is kept for what is in it. ConfigMaps and Secrets are
   * people's as well: of them only those go that are called as ours are.
   */
  public List<HasMetadata> superfluous(List<HasMetadata> desired) {
    Set<ObjectKey> wanted = new HashSet<>();
    desired.forEach(one -> wanted.add(ObjectKey.of(one)));
    return state.ours().entrySet().stream()
        .filter(one -> !wanted.contains(one.getKey()))
        .map(Map.Entry::getValue)
        .filter(one -> !Labels.isOfManager(one))
        .filter(one -> !KEPT.contains(one.getKind()))
        .filter(DesiredObjects::isCalledAsOurs)
        .sorted(Comparator.comparing(ObjectKey::of))
        .toList();
  }

  private static boolean isCalledAsOurs(HasMetadata object) {
    String name = object.getMetadata().getName();
    return switch (object.getKind()) {
      case "ConfigMap" -> Labels.isOfPlan(object) || Predecessor.CONFIG_MAPS.contains(name);
      case "Secret" -> Labels.isOfPlan(object) || Predecessor.SECRETS.contains(name);
      default -> true;
    };
  }
}
