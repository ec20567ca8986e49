/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.List;
import java.util.Map;

/**
 * A component's account and what it may do: read its shards by name, and read what resources are
 * enriched with. It may write nothing at all.
 */
final class AccessRights {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private AccessRights() {}

  static List<HasMetadata> of(Metadata metadata) {
    String name = metadata.component().objectName();
    return List.of(
        new ServiceAccountBuilder().withMetadata(metadata.named()).build(),
        new RoleBuilder().withMetadata(metadata.named()).withRules(shards()).build(),
        new RoleBindingBuilder()
            .withMetadata(metadata.named())
            .withNewRoleRef(RBAC, "Role", name)
            .addNewSubject(null, "ServiceAccount", name, metadata.installation().namespace())
            .build(),
        new ClusterRoleBuilder()
            .withMetadata(metadata.ofCluster())
            .withRules(cluster(metadata.component()))
            .build(),
        new ClusterRoleBindingBuilder()
            .withMetadata(metadata.ofCluster())
            .withNewRoleRef(RBAC, "ClusterRole", name)
            .addNewSubject(null, "ServiceAccount", name, metadata.installation().namespace())
            .build());
  }

  static List<PolicyRule> shards() {
    return List.of(
        Rules.readNamed("", "configmaps", PlanVolumes.NAMES),
        Rules.readNamed("", "secrets", PlanVolumes.NAMES));
  }

  /** What a component reads of the whole cluster. */
  static List<PolicyRule> cluster(Component component) {
    return switch (component) {
      case GATEWAY ->
          List.of(
              Rules.read("", "namespaces", "nodes", "pods"),
              Rules.read("apps", "replicasets"),
              Rules.read("operator.kyma-project.io", "telemetries"),
              Rules.read(
                  "telemetry.kyma-project.io",
                  "logpipelines",
                  "metricpipelines",
                  "tracepipelines"));
      case LOG_AGENT ->
          List.of(Rules.read("", "namespaces", "nodes", "pods"), Rules.read("apps", "replicasets"));
      case METRIC_AGENT ->
          List.of(
              Rules.read(
                  "",
                  "endpoints",
                  "events",
                  "namespaces",
                  "nodes",
                  "nodes/metrics",
                  "nodes/stats",
                  "pods",
                  "replicationcontrollers",
                  "resourcequotas",
                  "services"),
              Rules.read("apps", "daemonsets", "deployments", "replicasets", "statefulsets"),
              Rules.read("batch", "cronjobs", "jobs"),
              Rules.read("autoscaling", "horizontalpodautoscalers"),
              Rules.read("discovery.k8s.io", "endpointslices"),
              Rules.get("/metrics", "/metrics/cadvisor"));
    };
  }

  static Map<String, String> aggregateTo(String role) {
    return Map.of(RBAC + "/aggregate-to-" + role, "true");
  }
}
