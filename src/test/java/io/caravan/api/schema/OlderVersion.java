/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.manifest.Deprecations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the version {@code v1alpha1} of a definition from its {@code v1beta1}. What stands here is
 * the whole list of the differences.
 */
final class OlderVersion {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ResourceKind kind;
  private final ObjectNode version;

  private OlderVersion(ResourceKind kind, ObjectNode version) {
    this.kind = kind;
    this.version = version;
  }

  /** The item of {@code spec.versions}. */
  static ObjectNode of(ResourceKind kind, JsonNode beta) {
    ObjectNode version = JSON.objectNode();
    version.put("name", "v1alpha1").put("served", true).put("storage", false);
    version
        .put("deprecated", true)
        .put("deprecationWarning", Deprecations.ofVersion(kind, ApiVersion.V1ALPHA1));
    beta.properties()
        .forEach(
            entry -> {
              if (!version.has(entry.getKey())) {
                version.set(entry.getKey(), entry.getValue().deepCopy());
              }
            });
    new OlderVersion(kind, version).edit();
    return version;
  }

  private void edit() {
    describe(schema("apiVersion"), kind.apiVersion(ApiVersion.V1ALPHA1));
    values(schema("spec"));
    switch (kind) {
      case LOG_PIPELINE -> logPipeline();
      case METRIC_PIPELINE -> otlpInput();
      case TRACE_PIPELINE, TELEMETRY, TELEMETRY_REPLAY -> {}
    }
  }

  private void logPipeline() {
    rename(schema("spec", "input"), "runtime", "application");
    ArrayNode rules = rules(schema("spec"));
    rules.forEach(
        rule -> {
          replace(rule, "rule", "input.runtime", "input.application");
          replace(rule, "message", "input.runtime", "input.application");
        });
    ObjectNode namespaces = schema("spec", "input", "application", "namespaces");
    describe(
        namespaces, "Which namespaces. Without any of the fields, all but those of the system.");
    describe(
        properties(namespaces).putObject("system").put("type", "boolean"),
        "Whether all namespaces are read, those of the system too. Default is false.");
    rules(namespaces).removeAll();
    rule(
        namespaces,
        "(has(self.include) ? 1 : 0) + (has(self.exclude) ? 1 : 0) + (has(self.system) ? 1 : 0) <= 1",
        "Only one of 'include', 'exclude' or 'system' can be defined");
    otlpInput();
    ObjectNode tls = schema("spec", "output", "http", "tls");
    rename(tls, "insecure", "disabled");
    rename(tls, "insecureSkipVerify", "skipCertificateValidation");
    ArrayNode columns = (ArrayNode) version.path("additionalPrinterColumns");
    columns.insert(
        columns.size() - 1,
        JSON.objectNode()
            .put("name", "Unsupported Mode")
            .put("type", "boolean")
            .put("jsonPath", ".status.unsupportedMode"));
  }

  private void otlpInput() {
    rename(schema("spec", "input", "otlp"), "enabled", "disabled");
    describe(
        schema("spec", "input", "otlp", "disabled"),
        "Whether the pipeline takes no pushed data. Default is false.");
  }

  /** Empty values are as good as absent, and only OAuth 2.0 asks for one. */
  private static void values(JsonNode node) {
    if (node instanceof ObjectNode schema && schema.has("x-kubernetes-validations")) {
      ArrayNode rules = rules(schema);
      for (int i = rules.size() - 1; i >= 0; i--) {
        if (rules.path(i).path("message").asText().endsWith("must have 'value' or 'valueFrom' set")
            || rules.path(i).path("message").asText().startsWith("Header must have")) {
          rules.remove(i);
        }
      }
      for (JsonNode rule : rules) {
        replace(
            rule,
            "rule",
            "!(has(self.value) && has(self.valueFrom))",
            "!(has(self.value) && size(self.value) > 0 && has(self.valueFrom))");
        replace(
            rule,
            "rule",
            "has(self.value) ? isURL(self.value) : true",
            "(has(self.value) && self.value != '') ? isURL(self.value) : true");
      }
      if (rules.isEmpty()) {
        schema.remove("x-kubernetes-validations");
      }
    }
    if (node.path("properties").path("tokenURL").isObject()) {
      oauth2((ObjectNode) node.path("properties"));
    }
    node.forEach(OlderVersion::values);
  }

  /** The messages are the predecessor's, to the quote. */
  private static void oauth2(ObjectNode fields) {
    Map.of(
            "tokenURL", "tokenURL' missing",
            "clientID", "'clientID' missing",
            "clientSecret", "clientSecret' missing")
        .forEach(
            (field, message) ->
                rule(
                    (ObjectNode) fields.path(field),
                    "(has(self.value) && self.value != '') || has(self.valueFrom)",
                    message));
  }

  private ObjectNode schema(String... path) {
    JsonNode node = version.path("schema").path("openAPIV3Schema");
    for (String field : path) {
      node = node.path("properties").path(field);
    }
    if (node instanceof ObjectNode schema) {
      return schema;
    }
    throw new AssertionError(kind + " has no field " + List.of(path));
  }

  private static ObjectNode properties(ObjectNode schema) {
    return (ObjectNode) schema.path("properties");
  }

  private static ArrayNode rules(ObjectNode schema) {
    return schema.path("x-kubernetes-validations") instanceof ArrayNode rules
        ? rules
        : schema.putArray("x-kubernetes-validations");
  }

  private static void rule(ObjectNode schema, String rule, String message) {
    rules(schema).addObject().put("rule", rule).put("message", message);
  }

  private static void describe(ObjectNode schema, String description) {
    schema.put("description", description);
  }

  private static void replace(JsonNode node, String field, String from, String to) {
    ((ObjectNode) node).put(field, node.path(field).asText().replace(from, to));
  }

  /** Keeps the order, so that the two versions can be read side by side. */
  private static void rename(ObjectNode schema, String from, String to) {
    ObjectNode properties = properties(schema);
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    properties
        .properties()
        .forEach(
            entry ->
                fields.put(entry.getKey().equals(from) ? to : entry.getKey(), entry.getValue()));
    properties.removeAll();
    properties.setAll(fields);
  }
}
