/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.yaml.YamlFile;

/** Trees of YAML in tests. */
public final class Trees {

  private Trees() {}

  public static JsonNode tree(String yaml) {
    YamlFile file = YamlFile.read(yaml);
    if (!file.errors().isEmpty()) {
      throw new AssertionError(
          file.errors().getFirst().place() + " in " + yaml, file.errors().getFirst());
    }
    return file.documents().getFirst().tree();
  }

  /** A resource with this spec, in the stored version. */
  public static ObjectNode resource(ResourceKind kind, String spec) {
    return resource(kind, kind.stored(), spec);
  }

  /** A resource with this spec. */
  public static ObjectNode resource(ResourceKind kind, ApiVersion version, String spec) {
    ObjectNode resource = (ObjectNode) tree("{metadata: {name: demo}}");
    resource.put("apiVersion", kind.apiVersion(version)).put("kind", kind.kind());
    resource.set("spec", tree(spec));
    return resource;
  }
}
