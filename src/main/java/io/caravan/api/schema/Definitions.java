/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
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

  private static final Map<Versioned, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private Definitions() {}

  private record Versioned(ResourceKind kind, ApiVersion version) {}

  /** The schema of a kind in its stored version. */
  public static Schema schema(ResourceKind kind) {
    return schema(kind, kind.stored());
  }

  /** The schema of a kind in one of its versions. */
  public static Schema schema(ResourceKind kind, ApiVersion version) {
    return SCHEMAS.computeIfAbsent(new Versioned(kind, version), Definitions::read);
  }

  /** A whole definition, as {@code kubectl apply} takes it. */
  public static JsonNode definition(ResourceKind kind) {
    try (InputStream stream =
        Definitions.class.getClassLoader().getResourceAsStream(kind.definition())) {
      if (stream == null) {
        throw new IllegalStateException("not on the class path: " + kind.definition());
      }
      YamlFile file = YamlFile.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      return file.documents().getFirst().tree();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + kind.definition(), e);
    }
  }

  private static Schema read(Versioned asked) {
    return definition(asked.kind())
        .path("spec")
        .path("versions")
        .valueStream()
        .filter(version -> version.path("name").asText().equals(asked.version().version()))
        .map(version -> Schema.of(version.path("schema").path("openAPIV3Schema")))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    asked.kind().definition() + " has no version " + asked.version()));
  }
}
