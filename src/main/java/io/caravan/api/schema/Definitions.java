/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resource definitions on the class path, each read when it is first asked for. Thread-safe.
 */
public final class Definitions {

  private static final Map<ResourceKind, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private Definitions() {}

  /** The schema of a kind in the version {@link ResourceKind#VERSION}. */
  public static Schema schema(ResourceKind kind) {
    return SCHEMAS.computeIfAbsent(kind, Definitions::read);
  }

  private static Schema read(ResourceKind kind) {
    try (InputStream stream =
        Definitions.class.getClassLoader().getResourceAsStream(kind.definition())) {
      if (stream == null) {
        throw new IllegalStateException("not on the class path: " + kind.definition());
      }
      YamlFile file = YamlFile.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      return file.documents()
          .getFirst()
          .tree()
          .path("spec")
          .path("versions")
          .valueStream()
          .filter(version -> version.path("name").asText().equals(ResourceKind.VERSION))
          .map(version -> Schema.of(version.path("schema").path("openAPIV3Schema")))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      kind.definition() + " has no version " + ResourceKind.VERSION));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + kind.definition(), e);
    }
  }
}
