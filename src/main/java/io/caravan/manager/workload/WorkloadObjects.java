/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;

/** The object that runs a component's pods: which kind follows from their placement. */
final class WorkloadObjects {
  private final Component component;
  private final Placement placement;
  private final Metadata metadata;
  private final DataPlanePod pod;

  WorkloadObjects(Metadata metadata, Placement placement, DataPlanePod pod) {
    this.component = metadata.component();
    this.placement = placement;
    this.metadata = metadata;
    this.pod = pod;
  }

  List<HasMetadata> all() {
    return switch (placement) {
      case Placement.EveryNode _ -> List.of(daemonSet());
      case Placement.Replicas _ ->
          List.of(
              deployment(),
              Replication.autoscaler(metadata, "Deployment", Replication.Shrinking.SLOWLY),
              Replication.disruptionBudget(metadata));
      case Placement.ReplicasWithClaims(JournalVolume.Claim claim) ->
          List.of(
              statefulSet(claim),
              Replication.autoscaler(metadata, "StatefulSet", Replication.Shrinking.NEVER),
              Replication.disruptionBudget(metadata));
    };
  }

  /** A gateway is never away from its node, so its successor starts before it ends. */
  private DaemonSet daemonSet() {
    boolean first = component == Component.GATEWAY;
    return new DaemonSetBuilder()
        .withMetadata(metadata.ofWorkload())
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(Labels.selector(component))
        .endSelector()
        .withTemplate(pod.template())
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withNewMaxSurge(first ? 1 : 0)
        .withNewMaxUnavailable(first ? 0 : 1)
        .endRollingUpdate()
        .endUpdateStrategy()
        .endSpec()
        .build();
  }

  /** Without a number of replicas: that is the autoscaler's. */
  private Deployment deployment() {
    return new DeploymentBuilder()
        .withMetadata(metadata.ofWorkload())
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(Labels.selector(component))
        .endSelector()
        .withTemplate(pod.template())
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withNewMaxSurge(1)
        .withNewMaxUnavailable(0)
        .endRollingUpdate()
        .endStrategy()
        .endSpec()
        .build();
  }

  private StatefulSet statefulSet(JournalVolume.Claim claim) {
    return new StatefulSetBuilder()
        .withMetadata(metadata.ofWorkload())
        .withNewSpec()
        .withServiceName(OtlpServices.NAME)
        .withPodManagementPolicy("Parallel")
        .withNewSelector()
        .withMatchLabels(Labels.selector(component))
        .endSelector()
        .withTemplate(pod.template())
        .withVolumeClaimTemplates(claimTemplate(claim))
        .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
        .endSpec()
        .build();
  }

  private PersistentVolumeClaim claimTemplate(JournalVolume.Claim claim) {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(JournalVolume.NAME)
                .withLabels(Labels.of(component))
                .build())
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .withRequests(Map.of("storage", claim.size().quantity()))
        .endResources()
        .endSpec()
        .build();
  }
}
