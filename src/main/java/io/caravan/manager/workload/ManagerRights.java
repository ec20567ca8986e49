/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.manager.upgrade.Predecessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The manager's account and what it may do. Objects outside its namespace it may change by name
 * only; {@code create} by name works because it creates by server-side apply, where the name is in
 * the request's path. Kubernetes lets nobody grant what he has not, so it has all that the data
 * plane has.
 */
final class ManagerRights {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String PIPELINES = "telemetry.kyma-project.io";
  private static final String OPERATOR = "operator.kyma-project.io";
  private static final String CRD = "customresourcedefinitions";
  private static final String[] KINDS = {"logpipelines", "metricpipelines", "tracepipelines"};

  /** The predecessor's lease: whoever holds it acts, and the other one waits. */
  static final String LEASE = "cdd7ef0b.kyma-project.io";

  /** The webhooks' certificates, and the token with which the manager asks nodes what runs. */
  static final List<String> OWN_SECRETS = List.of("telemetry-webhook-cert", Storage.TOKEN_SECRET);

  static final List<String> DEFINITIONS =
      List.of(
          "logpipelines.telemetry.kyma-project.io",
          "metricpipelines.telemetry.kyma-project.io",
          "tracepipelines.telemetry.kyma-project.io",
          "telemetries.operator.kyma-project.io",
          "telemetryreplays.caravan.io");

  private static final List<String> DATA_PLANE =
      Arrays.stream(Component.values()).map(Component::objectName).toList();

  private ManagerRights() {}

  static List<HasMetadata> of(Installation installation) {
    String name = ManagerObjects.NAME;
    return List.of(
        new ServiceAccountBuilder()
            .withMetadata(ManagerObjects.metadata(installation, name))
            .build(),
        new ClusterRoleBuilder()
            .withMetadata(ManagerObjects.ofCluster(name + "-role"))
            .withRules(cluster())
            .build(),
        new ClusterRoleBindingBuilder()
            .withMetadata(ManagerObjects.ofCluster(name + "-rolebinding"))
            .withNewRoleRef(RBAC, "ClusterRole", name + "-role")
            .addNewSubject(null, "ServiceAccount", name, installation.namespace())
            .build(),
        new RoleBuilder()
            .withMetadata(ManagerObjects.metadata(installation, name + "-role"))
            .withRules(namespace())
            .build(),
        new RoleBindingBuilder()
            .withMetadata(ManagerObjects.metadata(installation, name + "-rolebinding"))
            .withNewRoleRef(RBAC, "Role", name + "-role")
            .addNewSubject(null, "ServiceAccount", name, installation.namespace())
            .build());
  }

  static List<PolicyRule> cluster() {
    List<PolicyRule> rules =
        new ArrayList<>(
            List.of(
                Rules.read(PIPELINES, KINDS),
                // Objects that are stored in an older version are written anew.
                Rules.can(PIPELINES, List.of("update", "patch"), KINDS),
                Rules.can(
                    PIPELINES,
                    List.of("get", "patch", "update"),
                    "logpipelines/status",
                    "metricpipelines/status",
                    "tracepipelines/status"),
                Rules.read("caravan.io", "telemetryreplays"),
                Rules.can(
                    "caravan.io", List.of("get", "patch", "update"), "telemetryreplays/status"),
                // Whether who gives a command may give it.
                Rules.can("authentication.k8s.io", List.of("create"), "tokenreviews"),
                // Pipelines name Secrets of any namespace.
                Rules.read("", "secrets"),
                Rules.can("", List.of("create", "patch"), "events"),
                Rules.can("events.k8s.io", List.of("create", "patch"), "events"),
                Rules.named(
                    "apiextensions.k8s.io", Rules.CHANGE, DEFINITIONS, CRD, CRD + "/status"),
                Rules.read("apiextensions.k8s.io", CRD),
                Rules.named(
                    "admissionregistration.k8s.io",
                    Rules.OWN,
                    List.of("telemetry-mutating-webhook.kyma-project.io"),
                    "mutatingwebhookconfigurations"),
                Rules.named(
                    "admissionregistration.k8s.io",
                    Rules.OWN,
                    List.of("telemetry-validating-webhook.kyma-project.io"),
                    "validatingwebhookconfigurations"),
                Rules.read(
                    "admissionregistration.k8s.io",
                    "mutatingwebhookconfigurations",
                    "validatingwebhookconfigurations"),
                Rules.named(RBAC, Rules.OWN, DATA_PLANE, "clusterroles", "clusterrolebindings"),
                Rules.named(
                    RBAC,
                    List.of("delete"),
                    Predecessor.CLUSTER_ROLES,
                    "clusterroles",
                    "clusterrolebindings"),
                Rules.read(RBAC, "clusterroles", "clusterrolebindings")));
    Arrays.stream(Component.values())
        .flatMap(component -> AccessRights.cluster(component).stream())
        .forEach(rules::add);
    return rules.stream().distinct().toList();
  }

  static List<PolicyRule> namespace() {
    return List.of(
        Rules.can(OPERATOR, List.of("update", "patch"), "telemetries"),
        Rules.can(OPERATOR, List.of("get", "patch", "update"), "telemetries/status"),
        Rules.can(OPERATOR, List.of("update"), "telemetries/finalizers"),
        Rules.read("", "configmaps"),
        Rules.named("", Rules.OWN, configMaps(), "configmaps"),
        Rules.named("", Rules.OWN, secrets(), "secrets"),
        Rules.can("", Rules.OWN, "services", "serviceaccounts"),
        // A claim that outlives its gateway is marked as empty.
        Rules.can("", List.of("get", "list", "watch", "patch"), "persistentvolumeclaims"),
        // Pods of a workload whose selector has changed get the labels of the new one.
        Rules.can("", List.of("patch"), "pods"),
        Rules.can("apps", Rules.OWN, "daemonsets", "deployments", "statefulsets"),
        Rules.can("networking.k8s.io", Rules.OWN, "networkpolicies"),
        Rules.can("policy", Rules.OWN, "poddisruptionbudgets"),
        Rules.can("autoscaling", Rules.OWN, "horizontalpodautoscalers"),
        Rules.can("autoscaling.k8s.io", Rules.OWN, "verticalpodautoscalers"),
        Rules.can("networking.istio.io", Rules.OWN, "destinationrules"),
        Rules.can("security.istio.io", Rules.OWN, "peerauthentications"),
        Rules.can(RBAC, Rules.OWN, "roles", "rolebindings"),
        Rules.named("coordination.k8s.io", Rules.OWN, List.of(LEASE), "leases"),
        // The election's library creates by POST, where a name cannot be asked for.
        Rules.can("coordination.k8s.io", List.of("create"), "leases"));
  }

  /** The shards, and what the predecessor leaves behind. */
  private static List<String> configMaps() {
    return Stream.of(PlanVolumes.NAMES, Predecessor.CONFIG_MAPS).flatMap(List::stream).toList();
  }

  private static List<String> secrets() {
    return Stream.of(PlanVolumes.NAMES, OWN_SECRETS, Predecessor.SECRETS)
        .flatMap(List::stream)
        .toList();
  }
}
