/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.Optional;

/**
 * The init container that gives the node's folder of journals to the program's user. Only a
 * hostPath needs it: other volumes belong to the pod's group.
 */
final class FolderOwner {
  /** The name of the init container. */
  static final String NAME = "own-data";

  private FolderOwner() {}

  static Optional<Container> of(Installation installation, JournalVolume journal) {
    return switch (journal) {
      case JournalVolume.HostPath _ -> Optional.of(container(installation));
      case JournalVolume.EmptyDir _, JournalVolume.Claim _ -> Optional.empty();
    };
  }

  private static Container container(Installation installation) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(installation.image())
        .withArgs("own-data", "--user=" + PodSecurity.USER, Storage.DATA)
        .withResources(new Sizing("10m", Bytes.mebi(64), Bytes.mebi(128)).requirements())
        .withSecurityContext(PodSecurity.folderOwner())
        .addNewVolumeMount()
        .withName(JournalVolume.NAME)
        .withMountPath(Storage.DATA)
        .endVolumeMount()
        .build();
  }
}
