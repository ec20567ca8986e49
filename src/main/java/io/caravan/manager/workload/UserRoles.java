/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
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

  static List<HasMetadata> of(Installation installation) {
    return List.of(
        account(installation, ControlAccess.VIEW),
        account(installation, ControlAccess.EDIT),
        role("view", Rules.READ, ControlAccess.VIEW),
        role("edit", WRITE, ControlAccess.EDIT));
  }

  /** It has no rights at the API server: a token of it says to the manager what a person may. */
  private static HasMetadata account(Installation installation, String name) {
    return new ServiceAccountBuilder()
        .withMetadata(ManagerObjects.metadata(installation, name))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  private static ClusterRole role(String into, List<String> verbs, String account) {
    return new ClusterRoleBuilder()
        .withMetadata(
            new ObjectMetaBuilder(ManagerObjects.ofCluster("kyma-telemetry-" + into))
                .addToLabels(AccessRights.aggregateTo(into))
                .build())
        .withRules(rules(verbs, account))
        .build();
  }

  private static List<PolicyRule> rules(List<String> verbs, String account) {
    return List.of(
        Rules.can(
            "telemetry.kyma-project.io",
            verbs,
            "logpipelines",
            "metricpipelines",
            "tracepipelines"),
        Rules.can("operator.kyma-project.io", verbs, "telemetries"),
        Rules.can("caravan.io", verbs, "telemetryreplays"),
        Rules.named("", List.of("create"), List.of(account), "serviceaccounts/token"),
        Rules.named("", List.of("create"), List.of(ControlAccess.PROXIED), "services/proxy"));
  }
}
