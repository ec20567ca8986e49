/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.stream.Stream;

/** Where senders send: one service under four names, each of which takes every signal. */
public final class OtlpServices {
  /** The one to use. */
  public static final String NAME = "telemetry-otlp";

  /** Those of former versions of the predecessor. */
  public static final List<String> OLDER_NAMES =
      List.of("telemetry-otlp-logs", "telemetry-otlp-metrics", "telemetry-otlp-traces");

  private OtlpServices() {}

  static Stream<String> names() {
    return Stream.concat(Stream.of(NAME), OLDER_NAMES.stream());
  }

  static List<HasMetadata> of(Metadata metadata, Placement placement) {
    return names().map(name -> service(metadata, placement, name)).toList();
  }

  /** With a gateway on every node what a node sends stays on it. */
  private static HasMetadata service(Metadata metadata, Placement placement, String name) {
    return new ServiceBuilder()
        .withMetadata(metadata.named(name))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.serving())
        .withPorts(Port.OTLP_GRPC.ofService(), Port.OTLP_HTTP.ofService())
        .withInternalTrafficPolicy(placement.everyNode() ? "Local" : "Cluster")
        .endSpec()
        .build();
  }
}
