/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * What an object says besides its status and what an API server counts: two states with one
 * fingerprint need no write between them. Of ConfigMaps and Secrets, whose data the watches do not
 * keep and which have no status, each version is a state of its own.
 */
final class Fingerprint {
  private final KubernetesSerialization serialization;

  Fingerprint(KubernetesSerialization serialization) {
    this.serialization = serialization;
  }

  String of(HasMetadata object) {
    ObjectNode tree = serialization.convertValue(object, ObjectNode.class);
    tree.remove("status");
    if (tree.path("metadata") instanceof ObjectNode metadata) {
      var _ = metadata.remove(List.of("managedFields", "generation"));
      if (!(object instanceof ConfigMap) && !(object instanceof Secret)) {
        var _ = metadata.remove("resourceVersion");
      }
    }
    return Integer.toHexString(tree.hashCode()) + "-" + tree.size();
  }
}
