/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets and removes the one finalizer that there is. A patch names the resource's version, so that
 * it takes no finalizer of others away; a conflict is an exception, and the next round does it.
 */
public final class Finalizers {
  /** Of the Telemetry resource; the predecessor's, which is there after an upgrade. */
  public static final String TELEMETRY = "telemetry.kyma-project.io/finalizer";

  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Applier.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;

  public Finalizers(KubernetesClient client) {
    this.client = client;
  }

  /** Adds it where it is missing. */
  public void add(GenericKubernetesResource resource) {
    if (!resource.getFinalizers().contains(TELEMETRY)) {
      List<String> all = new ArrayList<>(resource.getFinalizers());
      all.add(TELEMETRY);
      patch(resource, all);
    }
  }

  /** Removes it where it is there. */
  public void remove(GenericKubernetesResource resource) {
    if (resource.getFinalizers().contains(TELEMETRY)) {
      patch(
          resource,
          resource.getFinalizers().stream().filter(one -> !one.equals(TELEMETRY)).toList());
    }
  }

  private void patch(GenericKubernetesResource resource, List<String> finalizers) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("resourceVersion", resource.getMetadata().getResourceVersion());
    ArrayNode list = metadata.putArray("finalizers");
    finalizers.forEach(list::add);
    var _ = client.resource(resource).patch(MERGE, patch.toString());
  }
}
