/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;

/**
 * What people may do who have the cluster's roles {@code view} and {@code edit}: these roles become
 * parts of those.
 */
final class UserRoles {
  private static final List<String> WRITE =
      List.of("create", "delete", "deletecollection", "patch", "update");

  private UserRoles() {}

  static List<HasMetadata> all() {
    return List.of(role("view", Rules.READ), role("edit", WRITE));
  }

  private static ClusterRole role(String into, List<String> verbs) {
    return new ClusterRoleBuilder()
        .withMetadata(
            new ObjectMetaBuilder(ManagerObjects.ofCluster("kyma-telemetry-" + into))
                .addToLabels(AccessRights.aggregateTo(into))
                .build())
        .withRules(rules(verbs))
        .build();
  }

  private static List<PolicyRule> rules(List<String> verbs) {
    return List.of(
        Rules.can(
            "telemetry.kyma-project.io",
            verbs,
            "logpipelines",
            "metricpipelines",
            "tracepipelines"),
        Rules.can("operator.kyma-project.io", verbs, "telemetries"),
        Rules.can("caravan.io", verbs, "telemetryreplays"));
  }
}
