/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.Optional;

/** A kind of object that we make where a cluster has it, and that comes and goes with others. */
public enum OptionalKind {
  VERTICAL_POD_AUTOSCALER(
      "autoscaling.k8s.io", "v1", "VerticalPodAutoscaler", "verticalpodautoscalers"),
  DESTINATION_RULE("networking.istio.io", "v1", "DestinationRule", "destinationrules"),
  PEER_AUTHENTICATION("security.istio.io", "v1", "PeerAuthentication", "peerauthentications");

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  OptionalKind(String group, String version, String kind, String plural) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  /** Which one an object is of; empty for what every cluster has. */
  public static Optional<OptionalKind> of(HasMetadata object) {
    return Arrays.stream(values())
        .filter(
            each ->
                each.apiVersion().equals(object.getApiVersion())
                    && each.kind.equals(object.getKind()))
        .findFirst();
  }

  /** The resource definition whose presence says that a cluster has it. */
  public String definition() {
    return plural + "." + group;
  }

  String apiVersion() {
    return group + "/" + version;
  }

  String kind() {
    return kind;
  }
}
