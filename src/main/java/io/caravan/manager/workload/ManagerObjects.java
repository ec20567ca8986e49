/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The objects that have to be there before the manager is, and the manager itself: what a person
 * applies, besides the resource definitions.
 */
public final class ManagerObjects {
  /** The name of its Deployment, account and services, and the value of the label {@code name}. */
  public static final String NAME = Labels.MANAGED_BY_VALUE;

  /** Where API servers reach the webhooks, at port 443. */
  public static final String WEBHOOK_SERVICE = "telemetry-manager-webhook";

  private static final String POD_SECURITY = "pod-security.kubernetes.io/";
  private static final int HTTPS = 443;

  private ManagerObjects() {}

  /** In the order in which they are to be applied. */
  public static List<HasMetadata> of(Installation installation) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(namespace(installation));
    objects.add(priority(installation.priorityClasses().high(), 2_100_000, "on every node"));
    objects.add(priority(installation.priorityClasses().normal(), 2_000_000, "anywhere"));
    objects.addAll(ManagerRights.of(installation));
    objects.addAll(UserRoles.of(installation));
    objects.addAll(ManagerPolicies.of(installation));
    objects.add(webhook(installation));
    objects.add(metrics(installation));
    objects.add(ManagerDeployment.of(installation));
    return objects;
  }

  static ObjectMeta metadata(Installation installation, String name) {
    return new ObjectMetaBuilder(ofCluster(name)).withNamespace(installation.namespace()).build();
  }

  static ObjectMeta ofCluster(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withLabels(Labels.of(NAME, Labels.MANAGER))
        .build();
  }

  /** Journals are on the nodes, which Pod Security lets only privileged namespaces have. */
  private static Namespace namespace(Installation installation) {
    return new NamespaceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(ofCluster(installation.namespace()))
                .addToLabels(POD_SECURITY + "enforce", "privileged")
                .addToLabels(POD_SECURITY + "audit", "restricted")
                .build())
        .build();
  }

  private static PriorityClass priority(String name, int value, String where) {
    return new PriorityClassBuilder()
        .withMetadata(ofCluster(name))
        .withValue(value)
        .withDescription("Parts of the telemetry module that run %s.".formatted(where))
        .build();
  }

  private static Service webhook(Installation installation) {
    return new ServiceBuilder()
        .withMetadata(metadata(installation, WEBHOOK_SERVICE))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.selector(NAME))
        .withPorts(Port.WEBHOOK.ofService(HTTPS))
        .endSpec()
        .build();
  }

  private static Service metrics(Installation installation) {
    Map<String, String> annotations = MetricsService.annotations(Port.MANAGER_METRICS);
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(metadata(installation, "telemetry-manager-metrics"))
                .withAnnotations(annotations)
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.selector(NAME))
        .withPorts(Port.MANAGER_METRICS.ofService())
        .endSpec()
        .build();
  }
}
