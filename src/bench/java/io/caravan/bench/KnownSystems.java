/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.ArrayList;
import java.util.List;

/** The systems that can be measured, by their names. */
record KnownSystems(List<SystemUnderTest> all) {

  List<SystemUnderTest> named(String... names) {
    List<SystemUnderTest> systems = new ArrayList<>();
    for (String name : names) {
      if (!name.isBlank()) {
        systems.add(named(name.strip()));
      }
    }
    return systems;
  }

  private SystemUnderTest named(String name) {
    return all.stream()
        .filter(system -> system.title().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no system is called '%s'; there are %s"
                        .formatted(name, all.stream().map(SystemUnderTest::title).toList())));
  }
}
