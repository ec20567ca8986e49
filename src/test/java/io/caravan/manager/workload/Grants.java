/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;

/** Rules as the API server reads them: one of them has to allow the whole of a request. */
record Grants(List<PolicyRule> rules) {

  boolean allow(String verb, String group, String resource, String name) {
    return rules.stream()
        .anyMatch(
            rule ->
                rule.getVerbs().contains(verb)
                    && rule.getApiGroups().contains(group)
                    && rule.getResources().contains(resource)
                    && (rule.getResourceNames().isEmpty()
                        || rule.getResourceNames().contains(name)));
  }

  boolean allowUrl(String verb, String url) {
    return rules.stream()
        .anyMatch(
            rule -> rule.getVerbs().contains(verb) && rule.getNonResourceURLs().contains(url));
  }

  /** Whether whoever has these may grant that, as the API server's escalation check has it. */
  boolean cover(PolicyRule granted) {
    List<String> names =
        granted.getResourceNames().isEmpty() ? List.of("") : granted.getResourceNames();
    boolean resources =
        granted.getVerbs().stream()
            .allMatch(
                verb ->
                    granted.getApiGroups().stream()
                        .allMatch(
                            group ->
                                granted.getResources().stream()
                                    .allMatch(
                                        resource ->
                                            names.stream()
                                                .allMatch(
                                                    name -> allow(verb, group, resource, name)))));
    boolean urls =
        granted.getVerbs().stream()
            .allMatch(
                verb -> granted.getNonResourceURLs().stream().allMatch(url -> allowUrl(verb, url)));
    return resources && urls;
  }
}
