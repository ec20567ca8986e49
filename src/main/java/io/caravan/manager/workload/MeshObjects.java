/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tells Istio that senders reach the gateway in plaintext, inside the mesh and outside. */
final class MeshObjects {
  private MeshObjects() {}

  static List<HasMetadata> of(Metadata metadata) {
    return Stream.concat(
            OtlpServices.names().map(name -> destinationRule(metadata, name)),
            Stream.of(peerAuthentication(metadata)))
        .toList();
  }

  private static HasMetadata destinationRule(Metadata metadata, String service) {
    String host = "%s.%s.svc.cluster.local".formatted(service, metadata.installation().namespace());
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("networking.istio.io/v1")
        .withKind("DestinationRule")
        .withMetadata(metadata.named(service))
        .addToAdditionalProperties(
            "spec", Map.of("host", host, "trafficPolicy", Map.of("tls", Map.of("mode", "DISABLE"))))
        .build();
  }

  private static HasMetadata peerAuthentication(Metadata metadata) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("security.istio.io/v1")
        .withKind("PeerAuthentication")
        .withMetadata(metadata.named())
        .addToAdditionalProperties(
            "spec",
            Map.of(
                "selector",
                Map.of("matchLabels", Labels.selector(metadata.component())),
                "mtls",
                Map.of("mode", "PERMISSIVE")))
        .build();
  }
}
