/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one watch of Secrets covers.
 *
 * @param namespace empty for all
 * @param name empty for all of the namespace
 */
record SecretScope(String namespace, String name) {
  private static final SecretScope CLUSTER = new SecretScope("", "");

  /**
   * The fewest watches that cover these.
   *
   * @param names from so many of a namespace on it is watched whole
   * @param watches if it were more, the cluster is watched whole
   */
  static Set<SecretScope> of(Set<SecretName> wanted, int names, int watches) {
    Map<String, List<SecretName>> byNamespace =
        wanted.stream().collect(Collectors.groupingBy(SecretName::namespace));
    Set<SecretScope> scopes = new HashSet<>();
    byNamespace.forEach(
        (namespace, all) -> {
          if (all.size() >= names) {
            scopes.add(new SecretScope(namespace, ""));
          } else {
            all.forEach(one -> scopes.add(new SecretScope(namespace, one.name())));
          }
        });
    if (scopes.size() > watches) {
      Set<SecretScope> whole = new HashSet<>();
      byNamespace.keySet().forEach(namespace -> whole.add(new SecretScope(namespace, "")));
      return whole.size() > watches ? Set.of(CLUSTER) : whole;
    }
    return scopes;
  }

  /** Those that may cover a Secret, the narrowest first. */
  static List<SecretScope> thatHold(SecretName name) {
    return List.of(
        new SecretScope(name.namespace(), name.name()),
        new SecretScope(name.namespace(), ""),
        CLUSTER);
  }
}
