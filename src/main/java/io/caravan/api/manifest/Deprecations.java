/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what is deprecated: versions, and fields of LogPipelines that stem from Fluent Bit. */
public final class Deprecations {

  private Deprecations() {}

  /** What the definition warns of, and an API server with it, at each use of that version. */
  public static String ofVersion(ResourceKind kind, ApiVersion version) {
    return "%s %s is deprecated: use %s; docs/compatibility.md says which fields differ"
        .formatted(kind.apiVersion(version), kind.kind(), kind.apiVersion());
  }

  /** The webhook's warnings of a LogPipeline, by the field that they are about. */
  public static Map<FieldPath, String> of(String name, ApiVersion version, JsonNode tree) {
    String input =
        switch (version) {
          case V1ALPHA1 -> "application";
          case V1BETA1 -> "runtime";
        };
    Map<FieldPath, String> warnings = new LinkedHashMap<>();
    JsonNode spec = tree.path("spec");
    JsonNode runtime = spec.path("input").path(input);
    boolean tails = runtime.path("enabled").asBoolean(false);
    warn(
        warnings,
        name,
        spec.path("filters")
            .valueStream()
            .anyMatch(filter -> !filter.path("custom").asText("").isEmpty()),
        "filters");
    warn(
        warnings,
        name,
        !spec.path("output").path("custom").asText("").isEmpty(),
        "output",
        "custom");
    warn(warnings, name, spec.path("output").has("http"), "output", "http");
    warn(warnings, name, !spec.path("variables").isEmpty(), "variables");
    warn(warnings, name, !spec.path("files").isEmpty(), "files");
    warn(warnings, name, tails && runtime.has("dropLabels"), "input", input, "dropLabels");
    warn(
        warnings, name, tails && runtime.has("keepAnnotations"), "input", input, "keepAnnotations");
    return warnings;
  }

  private static void warn(
      Map<FieldPath, String> warnings, String name, boolean used, String... field) {
    if (used) {
      warnings.put(
          FieldPath.of(field).under(FieldPath.of("spec")),
          ("LogPipeline '%s' uses the attribute '%s' which is based on the deprecated FluentBit technology stack."
                  + " Please migrate to an Open Telemetry based logPipeline instead."
                  + " See the documentation: docs/compatibility.md")
              .formatted(name, String.join(".", field)));
    }
  }
}
