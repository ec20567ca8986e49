/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statuses of resources, one patch a resource whose status differs, and remembers what
 * it wrote until the watches have seen it. One thread.
 */
public final class StatusWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GONE = 404;
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Applier.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;
  private final Map<String, Written> written = new HashMap<>();

  /** A status that no watch has seen yet, and its version. */
  private record Written(ObjectNode status, String version) {}

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** The newest status that is known of a resource; an empty object if it has none. */
  public JsonNode current(GenericKubernetesResource resource) {
    Written last = written.get(resource.getMetadata().getUid());
    String version = resource.getMetadata().getResourceVersion();
    if (last != null && ResourceVersions.isOlder(version, last.version)) {
      return last.status;
    }
    written.remove(resource.getMetadata().getUid());
    return Packed.field(resource, "status") instanceof ObjectNode object
        ? object
        : JsonNodeFactory.instance.objectNode();
  }

  /**
   * Writes a status unless it is as it is; fields that are not in it are removed.
   *
   * @return why it could not be written, for people; empty also where the resource is gone
   */
  public Optional<String> write(GenericKubernetesResource resource, ObjectNode status) {
    JsonNode current = current(resource);
    if (current.equals(asRead(status))) {
      return Optional.empty();
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode changes = status.deepCopy();
    current.fieldNames().forEachRemaining(field -> removeUnless(changes, status, field));
    patch.set("status", changes);
    try {
      GenericKubernetesResource now =
          client.resource(resource).subresource("status").patch(MERGE, patch.toString());
      written.put(
          resource.getMetadata().getUid(),
          new Written(asRead(status), now.getMetadata().getResourceVersion()));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return e.getCode() == GONE ? Optional.empty() : Optional.of(ApiFailure.text(e));
    }
  }

  /** A small long number is an int when it is read. */
  private static ObjectNode asRead(ObjectNode status) {
    try {
      return (ObjectNode) JSON.readTree(status.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was just written cannot be read", e);
    }
  }

  private static void removeUnless(ObjectNode changes, ObjectNode status, String field) {
    if (!status.has(field)) {
      changes.putNull(field);
    }
  }

  /** Forgets resources that are not there any more. */
  public void retain(Iterable<GenericKubernetesResource> there) {
    Map<String, Written> left = new HashMap<>();
    for (GenericKubernetesResource each : there) {
      String uid = each.getMetadata().getUid();
      @Nullable Written one = written.get(uid);
      if (one != null) {
        left.put(uid, one);
      }
    }
    written.clear();
    written.putAll(left);
  }
}
