/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;

/**
 * Converts resources between the versions of their kind. Pure and thread-safe; what is not of the
 * right shape is left as it is, for the schema to complain of.
 */
public final class Versions {

  private Versions() {}

  /**
   * The resource in another version; a copy.
   *
   * @throws IllegalArgumentException if the tree is not of that kind in a version that it has
   */
  public static ObjectNode convert(ResourceKind kind, ApiVersion to, ObjectNode tree) {
    ApiVersion from =
        kind.version(tree.path("apiVersion").asText())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "found apiVersion '%s', expected one of %s of %s"
                            .formatted(
                                tree.path("apiVersion").asText(), kind.versions(), kind.kind())));
    if (!kind.versions().contains(to)) {
      throw new IllegalArgumentException(
          "%s has no version %s, only %s".formatted(kind.kind(), to, kind.versions()));
    }
    ObjectNode copy = tree.deepCopy();
    if (from == to) {
      return copy;
    }
    copy.put("apiVersion", kind.apiVersion(to));
    if (copy.path("spec") instanceof ObjectNode spec) {
      switch (to) {
        case V1BETA1 -> toBeta(kind, spec);
        case V1ALPHA1 -> toAlpha(kind, spec);
      }
    }
    if (kind == ResourceKind.LOG_PIPELINE) {
      switch (to) {
        case V1BETA1 -> ConversionData.keep(tree, copy);
        case V1ALPHA1 -> ConversionData.restore(copy);
      }
    }
    return copy;
  }

  private static void toBeta(ResourceKind kind, ObjectNode spec) {
    switch (kind) {
      case LOG_PIPELINE -> LogPipelineVersions.toBeta(spec);
      case METRIC_PIPELINE -> {
        InputVersions.disabledToEnabled(spec.path("input").path("otlp"));
        spec.path("input").forEach(InputVersions::toBeta);
      }
      case TRACE_PIPELINE, TELEMETRY, TELEMETRY_REPLAY -> {}
    }
    withoutEmptyValues(spec.path("output"));
  }

  private static void toAlpha(ResourceKind kind, ObjectNode spec) {
    switch (kind) {
      case LOG_PIPELINE -> LogPipelineVersions.toAlpha(spec);
      case METRIC_PIPELINE -> InputVersions.enabledToDisabled(spec.path("input").path("otlp"));
      case TRACE_PIPELINE, TELEMETRY, TELEMETRY_REPLAY -> {}
    }
  }

  /** An empty value beside a reference is as good as absent in v1alpha1 and an error in v1beta1. */
  private static void withoutEmptyValues(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("valueFrom").isObject()
        && object.path("value").isTextual()
        && object.path("value").asText().isEmpty()) {
      object.remove("value");
    }
    node.forEach(Versions::withoutEmptyValues);
  }
}
