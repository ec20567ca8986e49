/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;

/** Rules of roles in words. */
final class Rules {
  static final List<String> READ = List.of("get", "list", "watch");

  private Rules() {}

  static PolicyRule read(String group, String... resources) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withVerbs(READ)
        .build();
  }

  /** Reading objects that are called so, and no others: watches then ask for one name each. */
  static PolicyRule readNamed(String group, String resource, List<String> names) {
    return new PolicyRuleBuilder(read(group, resource)).withResourceNames(names).build();
  }

  static PolicyRule can(String group, List<String> verbs, String... resources) {
    return new PolicyRuleBuilder()
        .withApiGroups(group)
        .withResources(resources)
        .withVerbs(verbs)
        .build();
  }

  static PolicyRule get(String... urls) {
    return new PolicyRuleBuilder().withNonResourceURLs(urls).withVerbs("get").build();
  }
}
