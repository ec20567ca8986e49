/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who may reach the manager and what it may reach; and what every pod of the module may reach. */
final class ManagerPolicies {
  private static final String MANAGER = NetworkPolicies.PREFIX + ManagerObjects.NAME;

  private final Installation installation;

  private ManagerPolicies(Installation installation) {
    this.installation = installation;
  }

  static List<HasMetadata> of(Installation installation) {
    ManagerPolicies policies = new ManagerPolicies(installation);
    return List.of(
        policies.egress(MANAGER, manager(), toNodes()),
        policies.ingress(MANAGER + "-webhooks", webhooks()),
        policies.ingress(MANAGER + "-metrics", metrics()),
        policies.egress(
            NetworkPolicies.PREFIX + "allow-telemetry-to-dns", module(), ports(DNS, "UDP", "TCP")),
        policies.egress(
            NetworkPolicies.PREFIX + "allow-telemetry-to-apiserver",
            module(),
            ports(API_SERVER, "TCP")));
  }

  /** kube-dns, and the port that some clusters have it on. */
  private static final List<Integer> DNS = List.of(53, 8053);

  /** Of its Service, and of itself: where a policy looks is the network plugin's choice. */
  private static final List<Integer> API_SERVER = List.of(443, 6443);

  private HasMetadata egress(String name, LabelSelector pods, NetworkPolicyEgressRule rule) {
    return new NetworkPolicyBuilder()
        .withMetadata(ManagerObjects.metadata(installation, name))
        .withNewSpec()
        .withPodSelector(pods)
        .withPolicyTypes("Egress")
        .withEgress(rule)
        .endSpec()
        .build();
  }

  private HasMetadata ingress(String name, NetworkPolicyIngressRule rule) {
    return new NetworkPolicyBuilder()
        .withMetadata(ManagerObjects.metadata(installation, name))
        .withNewSpec()
        .withPodSelector(manager())
        .withPolicyTypes("Ingress")
        .withIngress(rule)
        .endSpec()
        .build();
  }

  /** It asks each of them what runs. */
  private static NetworkPolicyEgressRule toNodes() {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(new NetworkPolicyPeerBuilder().withPodSelector(module()).build())
        .withPorts(Port.ADMIN.ofPolicy())
        .build();
  }

  private static NetworkPolicyIngressRule webhooks() {
    return new NetworkPolicyIngressRuleBuilder().withPorts(Port.WEBHOOK.ofPolicy()).build();
  }

  private static NetworkPolicyIngressRule metrics() {
    return new NetworkPolicyIngressRuleBuilder()
        .withFrom(NetworkPolicies.scraper())
        .withPorts(Port.MANAGER_METRICS.ofPolicy())
        .build();
  }

  private static NetworkPolicyEgressRule ports(List<Integer> numbers, String... protocols) {
    List<NetworkPolicyPort> ports =
        numbers.stream()
            .flatMap(port -> Stream.of(protocols).map(protocol -> Port.ofPolicy(port, protocol)))
            .toList();
    return new NetworkPolicyEgressRuleBuilder().withPorts(ports).build();
  }

  private static LabelSelector manager() {
    return new LabelSelectorBuilder().withMatchLabels(Labels.selector(ManagerObjects.NAME)).build();
  }

  private static LabelSelector module() {
    return new LabelSelectorBuilder()
        .withMatchLabels(
            Map.of(Labels.PART_OF, Labels.MODULE_VALUE, Labels.MODULE, Labels.MODULE_VALUE))
        .build();
  }
}
