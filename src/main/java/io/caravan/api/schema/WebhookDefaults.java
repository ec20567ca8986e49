/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.NamespaceSelector;
import java.util.List;

/**
 * Applies the defaults that the mutating webhooks apply, to trees that may yet be invalid: what is
 * not an object is left for the schema to complain of.
 */
final class WebhookDefaults {

  private static final List<String> RUNTIME_RESOURCES =
      List.of(
          "pod", "container", "node", "volume", "daemonset", "deployment", "statefulset", "job");

  private final ApiVersion version;

  private WebhookDefaults(ApiVersion version) {
    this.version = version;
  }

  /** Changes the tree. */
  static void apply(ResourceKind kind, ApiVersion version, ObjectNode tree) {
    if (!(object(tree, "spec") instanceof ObjectNode spec)) {
      return;
    }
    WebhookDefaults defaults = new WebhookDefaults(version);
    switch (kind) {
      case LOG_PIPELINE -> defaults.logPipeline(spec);
      case METRIC_PIPELINE -> defaults.metricPipeline(spec);
      case TRACE_PIPELINE -> protocol(spec);
      case TELEMETRY, TELEMETRY_REPLAY -> {}
    }
  }

  private void logPipeline(ObjectNode spec) {
    protocol(spec);
    if (object(spec, "input") instanceof ObjectNode input) {
      switch (version) {
        case V1ALPHA1 -> containers(input, "application");
        case V1BETA1 -> containers(input, "runtime");
      }
      JsonNode output = spec.path("output");
      if (output.has("otlp") || output.has("kamelet")) {
        otlpInput(input);
      }
    }
  }

  private void containers(ObjectNode input, String field) {
    if (object(input, field) instanceof ObjectNode runtime) {
      fallback(runtime, "enabled", true);
      if (runtime.path("enabled").asBoolean()) {
        fallback(runtime, "keepOriginalBody", true);
        // In v1alpha1 no namespaces means those that are not the system's; conversion says it.
        if (version == ApiVersion.V1BETA1) {
          excludeSystemNamespaces(runtime);
        }
      }
    }
  }

  private void metricPipeline(ObjectNode spec) {
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

  private void otlpInput(ObjectNode input) {
    if (object(input, "otlp") instanceof ObjectNode otlp) {
      // v1alpha1 has the opposite, "disabled", which is off where it is absent.
      if (version == ApiVersion.V1BETA1) {
        fallback(otlp, "enabled", true);
      }
      object(otlp, "namespaces");
    }
  }

  private static void excludeSystemNamespaces(ObjectNode input) {
    if (!input.has("namespaces")) {
      ArrayNode exclude = input.putObject("namespaces").putArray("exclude");
      NamespaceSelector.SYSTEM.forEach(exclude::add);
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
