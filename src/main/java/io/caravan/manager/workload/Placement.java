/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.api.Telemetry;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.api.Telemetry.JournalType;
import java.util.Optional;

/** Where a component's pods run and where their journals are; only sensible pairs can be made. */
sealed interface Placement {
  /** One pod a node. */
  record EveryNode(JournalVolume journal) implements Placement {}

  /** Replicas anywhere, whose journals go with them. */
  record Replicas(JournalVolume.EmptyDir journal) implements Placement {}

  /** Replicas anywhere, each with its claim. */
  record ReplicasWithClaims(JournalVolume.Claim journal) implements Placement {}

  JournalVolume journal();

  default boolean everyNode() {
    return this instanceof EveryNode;
  }

  /** Whether a pod's journal ends with the pod. */
  default boolean deliversBeforeItEnds() {
    return journal() instanceof JournalVolume.EmptyDir;
  }

  default String priorityClass(Installation installation) {
    return everyNode()
        ? installation.priorityClasses().high()
        : installation.priorityClasses().normal();
  }

  /** Of an agent, whose work is its node's. */
  static Placement ofAgent(Installation installation, Component component) {
    return new EveryNode(JournalVolume.HostPath.of(installation, component));
  }

  /** Of the gateway, as the Telemetry resource asks; on every node without one. */
  static Placement ofGateway(Installation installation, Optional<Telemetry> telemetry) {
    Gateway gateway = telemetry.map(Telemetry::gateway).orElse(Gateway.DEFAULT);
    return switch (gateway.mode()) {
      case DAEMON_SET -> new EveryNode(ofNode(installation, gateway));
      case CENTRAL -> central(gateway);
    };
  }

  private static JournalVolume ofNode(Installation installation, Gateway gateway) {
    return switch (gateway.journal().type().orElse(JournalType.HOST_PATH)) {
      case HOST_PATH -> JournalVolume.HostPath.of(installation, Component.GATEWAY);
      case EMPTY_DIR -> emptyDir(gateway);
      case PERSISTENT_VOLUME_CLAIM -> throw impossible(gateway);
    };
  }

  private static Placement central(Gateway gateway) {
    return switch (gateway.journal().type().orElse(JournalType.EMPTY_DIR)) {
      case EMPTY_DIR -> new Replicas(emptyDir(gateway));
      case PERSISTENT_VOLUME_CLAIM ->
          new ReplicasWithClaims(new JournalVolume.Claim(size(gateway, Bytes.gibi(10))));
      case HOST_PATH -> throw impossible(gateway);
    };
  }

  private static JournalVolume.EmptyDir emptyDir(Gateway gateway) {
    return new JournalVolume.EmptyDir(size(gateway, Bytes.gibi(2)));
  }

  private static Bytes size(Gateway gateway, Bytes otherwise) {
    return gateway.journal().size().map(Bytes::new).orElse(otherwise);
  }

  /** The rules of the Telemetry resource refuse it, so no user sees this. */
  private static IllegalArgumentException impossible(Gateway gateway) {
    return new IllegalArgumentException(
        "spec.gateway: mode %s does not go with %s".formatted(gateway.mode(), gateway.journal()));
  }
}
