/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Applies the defaults that the mutating webhooks apply, to trees that may yet be invalid: what is
 * not an object is left for the schema to complain of.
 */
final class WebhookDefaults {

  private static final List<String> SYSTEM_NAMESPACES =
      List.of("kyma-system", "kube-system", "istio-system");

  private static final List<String> RUNTIME_RESOURCES =
      List.of(
          "pod", "container", "node", "volume", "daemonset", "deployment", "statefulset", "job");

  private WebhookDefaults() {}

  /** Changes the tree. */
  static void apply(ResourceKind kind, ObjectNode tree) {
    if (!(object(tree, "spec") instanceof ObjectNode spec)) {
      return;
    }
    switch (kind) {
      case LOG_PIPELINE -> logPipeline(spec);
      case METRIC_PIPELINE -> metricPipeline(spec);
      case TRACE_PIPELINE -> protocol(spec);
      case TELEMETRY -> {}
    }
  }

  private static void logPipeline(ObjectNode spec) {
    protocol(spec);
    if (object(spec, "input") instanceof ObjectNode input) {
      if (object(input, "runtime") instanceof ObjectNode runtime) {
        fallback(runtime, "enabled", true);
        if (runtime.path("enabled").asBoolean()) {
          fallback(runtime, "keepOriginalBody", true);
          excludeSystemNamespaces(runtime);
        }
      }
      JsonNode output = spec.path("output");
      if (output.has("otlp") || output.has("kamelet")) {
        otlpInput(input);
      }
    }
  }

  private static void metricPipeline(ObjectNode spec) {
    protocol(spec);
    if (!(object(spec, "input") instanceof ObjectNode input)) {
      return;
    }
    otlpInput(input);
    if (enabled(input, "prometheus") instanceof ObjectNode prometheus) {
      excludeSystemNamespaces(prometheus);
      toggle(prometheus, "diagnosticMetrics", false);
    }
    if (enabled(input, "istio") instanceof ObjectNode istio) {
      excludeSystemNamespaces(istio);
      toggle(istio, "diagnosticMetrics", false);
      toggle(istio, "envoyMetrics", false);
    }
    if (enabled(input, "runtime") instanceof ObjectNode runtime) {
      excludeSystemNamespaces(runtime);
      if (object(runtime, "resources") instanceof ObjectNode resources) {
        RUNTIME_RESOURCES.forEach(resource -> toggle(resources, resource, true));
      }
    }
  }

  private static void protocol(ObjectNode spec) {
    if (spec.path("output").path("otlp") instanceof ObjectNode otlp) {
      fallback(otlp, "protocol", "grpc");
    }
  }

  private static void otlpInput(ObjectNode input) {
    if (object(input, "otlp") instanceof ObjectNode otlp) {
      fallback(otlp, "enabled", true);
      object(otlp, "namespaces");
    }
  }

  private static void excludeSystemNamespaces(ObjectNode input) {
    if (!input.has("namespaces")) {
      ArrayNode exclude = input.putObject("namespaces").putArray("exclude");
      SYSTEM_NAMESPACES.forEach(exclude::add);
    }
  }

  private static void toggle(ObjectNode parent, String field, boolean value) {
    if (object(parent, field) instanceof ObjectNode toggle) {
      fallback(toggle, "enabled", value);
    }
  }

  /** The input where it is there and switched on. */
  private static JsonNode enabled(ObjectNode parent, String field) {
    JsonNode input = parent.path(field);
    return input.path("enabled").asBoolean(false) ? input : parent.missingNode();
  }

  /** The field, made an empty object where it is absent. */
  private static JsonNode object(ObjectNode parent, String field) {
    if (!parent.has(field)) {
      parent.putObject(field);
    }
    return parent.path(field);
  }

  private static void fallback(ObjectNode parent, String field, boolean value) {
    if (!parent.has(field)) {
      parent.put(field, value);
    }
  }

  private static void fallback(ObjectNode parent, String field, String value) {
    if (!parent.has(field)) {
      parent.put(field, value);
    }
  }
}
