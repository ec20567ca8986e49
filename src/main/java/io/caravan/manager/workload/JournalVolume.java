/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.Optional;

/** Where a pod's journals are: what survives follows from it. */
sealed interface JournalVolume {
  /** The volume's name in pods and claims. */
  String NAME = "journal";

  /** The volume of a pod template; none where the StatefulSet brings it. */
  Optional<Volume> volume();

  /** A folder of the node: survives the pod, its successors adopt what it left. */
  record HostPath(String folder) implements JournalVolume {
    static HostPath of(Installation installation, Component component) {
      return new HostPath(
          "/var/lib/caravan/%s/%s".formatted(installation.namespace(), component.command()));
    }

    @Override
    public Optional<Volume> volume() {
      return Optional.of(
          new VolumeBuilder()
              .withName(NAME)
              .withNewHostPath()
              .withPath(folder)
              .withType("DirectoryOrCreate")
              .endHostPath()
              .build());
    }
  }

  /** A folder of the pod: survives a crash of the process, and not the pod. */
  record EmptyDir(Bytes size) implements JournalVolume {
    @Override
    public Optional<Volume> volume() {
      return Optional.of(
          new VolumeBuilder()
              .withName(NAME)
              .withNewEmptyDir()
              .withSizeLimit(size.quantity())
              .endEmptyDir()
              .build());
    }
  }

  /** A claim a replica: survives pod and node. */
  record Claim(Bytes size) implements JournalVolume {
    @Override
    public Optional<Volume> volume() {
      return Optional.empty();
    }
  }
}
