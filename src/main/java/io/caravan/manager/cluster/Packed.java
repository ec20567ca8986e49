/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Resources whose specification and status are JSON text: as maps of maps those of a thousand
 * pipelines take ten times as much memory, and only one that has changed is read. Whoever writes
 * such a resource as JSON writes what the API server has told.
 */
public final class Packed {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Packed() {}

  /** Packs a resource, which is changed, and drops the list of who has set which field. */
  static GenericKubernetesResource pack(GenericKubernetesResource full) {
    Map<String, Object> fields = new HashMap<>();
    full.getAdditionalProperties()
        .forEach(
            (name, value) ->
                fields.put(name, value instanceof RawValue ? value : new RawValue(text(value))));
    full.setAdditionalProperties(Map.copyOf(fields));
    ObjectMeta metadata = full.getMetadata();
    metadata.setManagedFields(List.of());
    if (metadata.getAdditionalProperties().isEmpty()) {
      metadata.setAdditionalProperties(Map.of());
    }
    if (metadata.getLabels() == null || metadata.getLabels().isEmpty()) {
      metadata.setLabels(Map.of());
    }
    if (metadata.getAnnotations() == null || metadata.getAnnotations().isEmpty()) {
      metadata.setAnnotations(Map.of());
    }
    return full;
  }

  /** All of a resource, packed or not. */
  public static ObjectNode tree(GenericKubernetesResource resource) {
    return (ObjectNode) parsed(text(resource));
  }

  /** One of the fields beside its metadata; an empty object if it has none of that name. */
  static JsonNode field(GenericKubernetesResource resource, String name) {
    Object value = resource.getAdditionalProperties().getOrDefault(name, Map.of());
    return parsed(value instanceof RawValue raw ? String.valueOf(raw.rawValue()) : text(value));
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was read as JSON cannot be written as such", e);
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was just written cannot be read", e);
    }
  }
}
