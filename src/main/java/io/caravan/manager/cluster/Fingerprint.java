/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * What an object says besides its status and what an API server counts: two states with one
 * fingerprint need no write between them.
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
      var _ = metadata.remove(java.util.List.of("resourceVersion", "managedFields", "generation"));
    }
    return Integer.toHexString(tree.hashCode()) + "-" + tree.size();
  }
}
