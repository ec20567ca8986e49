/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.NamespaceSelector;

/** Converts the {@code spec} of a LogPipeline, in place. */
final class LogPipelineVersions {

  private LogPipelineVersions() {}

  static void toBeta(ObjectNode spec) {
    JsonNode input = spec.path("input");
    rename(input, "application", "runtime");
    if (input.path("runtime") instanceof ObjectNode runtime) {
      systemToBeta(runtime);
      InputVersions.toBeta(runtime);
    }
    InputVersions.disabledToEnabled(input.path("otlp"));
    InputVersions.toBeta(input.path("otlp"));
    JsonNode tls = spec.path("output").path("http").path("tls");
    rename(tls, "disabled", "insecure");
    rename(tls, "skipCertificateValidation", "insecureSkipVerify");
  }

  static void toAlpha(ObjectNode spec) {
    JsonNode input = spec.path("input");
    rename(input, "runtime", "application");
    if (input.path("application") instanceof ObjectNode application) {
      systemToAlpha(application);
    }
    InputVersions.enabledToDisabled(input.path("otlp"));
    JsonNode tls = spec.path("output").path("http").path("tls");
    rename(tls, "insecure", "disabled");
    rename(tls, "insecureSkipVerify", "skipCertificateValidation");
  }

  /** {@code system: true} is the empty selector; nothing at all leaves the system's out. */
  private static void systemToBeta(ObjectNode runtime) {
    JsonNode selector = runtime.path("namespaces");
    if (!selector.isMissingNode() && !selector.isObject()) {
      return;
    }
    boolean named = !selector.path("include").isEmpty() || !selector.path("exclude").isEmpty();
    if (!named) {
      boolean system = selector.path("system").asBoolean(false);
      ObjectNode replaced = runtime.putObject("namespaces");
      if (!system) {
        ArrayNode exclude = replaced.putArray("exclude");
        NamespaceSelector.SYSTEM.forEach(exclude::add);
      }
    } else if (selector instanceof ObjectNode object) {
      object.remove("system");
    }
  }

  private static void systemToAlpha(ObjectNode application) {
    if (application.path("namespaces") instanceof ObjectNode selector
        && selector.path("include").isEmpty()
        && selector.path("exclude").isEmpty()) {
      selector.removeAll();
      selector.put("system", true);
    }
  }

  private static void rename(JsonNode node, String from, String to) {
    if (node instanceof ObjectNode object && object.has(from)) {
      object.set(to, object.remove(from));
    }
  }
}
