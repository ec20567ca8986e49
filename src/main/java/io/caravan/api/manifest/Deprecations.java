/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the fields of a LogPipeline that stem from Fluent Bit and are deprecated. */
final class Deprecations {

  private Deprecations() {}

  /** The webhook's warnings, by the field that they are about. */
  static Map<FieldPath, String> of(String name, JsonNode tree) {
    Map<FieldPath, String> warnings = new LinkedHashMap<>();
    JsonNode spec = tree.path("spec");
    JsonNode runtime = spec.path("input").path("runtime");
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
    warn(warnings, name, tails && runtime.has("dropLabels"), "input", "runtime", "dropLabels");
    warn(
        warnings,
        name,
        tails && runtime.has("keepAnnotations"),
        "input",
        "runtime",
        "keepAnnotations");
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
