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

  /** Writing to what is there. */
  static final List<String> CHANGE = List.of("get", "list", "watch", "patch", "update");

  /** Everything that a manager does to one object. */
  static final List<String> OWN =
      List.of("get", "list", "watch", "create", "patch", "update", "delete");

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

  /** As {@link #can}, with objects that are called so and no others. */
  static PolicyRule named(
      String group, List<String> verbs, List<String> names, String... resources) {
    return new PolicyRuleBuilder(can(group, verbs, resources)).withResourceNames(names).build();
  }

  static PolicyRule get(String... urls) {
    return new PolicyRuleBuilder().withNonResourceURLs(urls).withVerbs("get").build();
  }
}
