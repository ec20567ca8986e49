/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may reach a component, and what it may reach. */
final class NetworkPolicies {
  /** Policies of the predecessor's modules begin with it. */
  static final String PREFIX = "kyma-project.io--";

  private NetworkPolicies() {}

  static List<HasMetadata> of(Metadata metadata, Needs needs) {
    return List.of(traffic(metadata), metrics(metadata, needs));
  }

  /** Backends may be anywhere; only a gateway is sent to, by anybody. */
  private static HasMetadata traffic(Metadata metadata) {
    Component component = metadata.component();
    NetworkPolicyBuilder policy =
        new NetworkPolicyBuilder()
            .withMetadata(metadata.named(PREFIX + component.objectName()))
            .withNewSpec()
            .withNewPodSelector()
            .withMatchLabels(Labels.selector(component))
            .endPodSelector()
            .withPolicyTypes("Ingress", "Egress")
            .withEgress(new NetworkPolicyEgressRule())
            .endSpec();
    if (component == Component.GATEWAY) {
      policy.editSpec().withIngress(senders()).endSpec();
    }
    return policy.build();
  }

  private static NetworkPolicyIngressRule senders() {
    return new NetworkPolicyIngressRuleBuilder()
        .withPorts(Port.OTLP_GRPC.ofPolicy(), Port.OTLP_HTTP.ofPolicy())
        .build();
  }

  private static HasMetadata metrics(Metadata metadata, Needs needs) {
    Component component = metadata.component();
    List<NetworkPolicyIngressRule> rules = new ArrayList<>();
    NetworkPolicyIngressRuleBuilder scrapers =
        new NetworkPolicyIngressRuleBuilder().withFrom(scraper()).addToPorts(Port.ADMIN.ofPolicy());
    if (needs.mesh().isPresent()) {
      scrapers.addToPorts(Port.SIDECAR_METRICS.ofPolicy());
    }
    rules.add(scrapers.build());
    rules.add(
        new NetworkPolicyIngressRuleBuilder()
            .withFrom(manager())
            .addToPorts(Port.ADMIN.ofPolicy())
            .build());
    return new NetworkPolicyBuilder()
        .withMetadata(metadata.named(PREFIX + component.objectName() + "-metrics"))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(component))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .withIngress(rules)
        .endSpec()
        .build();
  }

  /** A pod of any namespace that somebody has allowed to. */
  static NetworkPolicyPeer scraper() {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(Map.of(Labels.SCRAPER, Labels.SCRAPER_VALUE))
        .endPodSelector()
        .build();
  }

  /** It asks each pod what runs. */
  private static NetworkPolicyPeer manager() {
    return new NetworkPolicyPeerBuilder()
        .withPodSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Labels.selector(Labels.MANAGED_BY_VALUE))
                .build())
        .build();
  }
}
