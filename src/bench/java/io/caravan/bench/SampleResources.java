/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Map;
import java.util.TreeMap;

/**
 * The resources of a request: workloads of a Kubernetes cluster as a node's agent collects them.
 * Every request has one of each namespace, so that a filter takes the same share of all.
 */
final class SampleResources {

  /** Resources of a request. */
  static final int COUNT = 4;

  static final int EXCLUDED_INDEX = 3;

  private static final String[] NAMESPACES = {"shop", "payments", "logistics", "staging"};
  private static final String[][] SERVICES = {
    {"checkout", "cart", "catalogue", "storefront"},
    {"ledger", "card-gateway", "fraud-check", "invoices"},
    {"shipping", "warehouse", "tracking", "routing"},
    {"checkout", "ledger", "shipping", "storefront"}
  };
  private static final String[] LANGUAGES = {"java", "go", "nodejs", "python"};
  private static final int NODES = 40;

  /** The namespace that {@link Work#FILTER} leaves out. */
  static final String EXCLUDED = NAMESPACES[EXCLUDED_INDEX];

  /** What {@link Work#ENRICH} adds: what a cluster knows of itself. */
  static final Map<String, String> ADDED =
      new TreeMap<>(
          Map.of(
              "k8s.cluster.name", "bench-eu-central-1",
              "k8s.cluster.uid", "6f5ad6a1-0a3f-4b4c-9f0b-6c6b7c0f9b51",
              "cloud.provider", "aws",
              "cloud.region", "eu-central-1",
              "deployment.environment.name", "production"));

  private final SampleValues values;

  SampleResources(SampleValues values) {
    this.values = values;
  }

  /** How many of a request's records belong to the resource of an index. */
  static int recordsOf(int records, int index) {
    return records / COUNT + (index < records % COUNT ? 1 : 0);
  }

  Resource next(int index) {
    String service = values.oneOf(SERVICES[index]);
    String pod = service + "-" + values.hex(9) + "-" + values.hex(5);
    String language = values.oneOf(LANGUAGES);
    return Resource.newBuilder()
        .addAttributes(SampleValues.text("service.name", service))
        .addAttributes(SampleValues.text("service.namespace", NAMESPACES[index]))
        .addAttributes(SampleValues.text("service.version", "1." + values.below(60) + ".0"))
        .addAttributes(SampleValues.text("service.instance.id", values.uuid()))
        .addAttributes(SampleValues.text("telemetry.sdk.language", language))
        .addAttributes(SampleValues.text("telemetry.sdk.name", "opentelemetry"))
        .addAttributes(SampleValues.text("telemetry.sdk.version", "1.67.0"))
        .addAttributes(SampleValues.text("k8s.namespace.name", NAMESPACES[index]))
        .addAttributes(SampleValues.text("k8s.deployment.name", service))
        .addAttributes(SampleValues.text("k8s.container.name", service))
        .addAttributes(SampleValues.text("k8s.pod.name", pod))
        .addAttributes(SampleValues.text("k8s.pod.uid", values.uuid()))
        .addAttributes(SampleValues.text("k8s.node.name", "node-" + values.below(NODES)))
        .build();
  }
}
