/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.schema.RuleCases.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cases of v1alpha1, made of those of v1beta1 and of what differs. */
final class OlderRuleCases {

  private static final Map<String, String> MISSING =
      Map.of(
          "'tokenURL' must have 'value' or 'valueFrom' set", "tokenURL' missing",
          "'clientID' must have 'value' or 'valueFrom' set", "'clientID' missing",
          "'clientSecret' must have 'value' or 'valueFrom' set", "clientSecret' missing");

  private static final Map<String, String> FIELD =
      Map.of(
          "tokenURL' missing", "tokenURL",
          "'clientID' missing", "clientID",
          "clientSecret' missing", "clientSecret");

  private OlderRuleCases() {}

  static List<Case> of(List<Case> newer) {
    List<Case> cases = new ArrayList<>();
    for (Case each : newer) {
      String message = MISSING.getOrDefault(each.message(), each.message());
      boolean gone = message.contains("must have 'value' or") || message.startsWith("Header must");
      if (each.kind().versions().contains(ApiVersion.V1ALPHA1)
          && each.version() == ApiVersion.V1BETA1
          && !gone) {
        cases.add(older(each, message));
      }
    }
    String output = "output: {otlp: {endpoint: {value: x}}}, ";
    String format = "{" + output + "input: {application: {namespaces: {%s}}}}";
    for (String broken :
        List.of(
            "include: [a], exclude: [b]",
            "include: [a], system: false",
            "exclude: [a], system: true")) {
      cases.add(
          new Case(
              ResourceKind.LOG_PIPELINE,
              ApiVersion.V1ALPHA1,
              "Only one of 'include', 'exclude' or 'system' can be defined",
              "spec.input.application.namespaces",
              format.formatted(broken),
              format.formatted("system: true")));
    }
    return cases;
  }

  private static Case older(Case each, String message) {
    String field = FIELD.containsKey(message) ? "." + FIELD.get(message) : "";
    boolean renamed = each.kind() == ResourceKind.LOG_PIPELINE;
    boolean system = renamed && each.path().equals("spec.input.runtime.namespaces");
    return new Case(
        each.kind(),
        ApiVersion.V1ALPHA1,
        system
            ? "Only one of 'include', 'exclude' or 'system' can be defined"
            : renamed ? message.replace("input.runtime", "input.application") : message,
        (renamed ? each.path().replace("input.runtime", "input.application") : each.path()) + field,
        fields(each.broken(), renamed),
        fields(each.kept(), renamed));
  }

  private static String fields(String spec, boolean renamed) {
    return renamed
        ? spec.replace("runtime: {", "application: {").replace("enabled: true", "disabled: false")
        : spec;
  }
}
