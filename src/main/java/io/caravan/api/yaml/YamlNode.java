/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a YAML document before aliases are expanded. */
sealed interface YamlNode {

  Place place();

  /** How many nodes it has with all aliases in it expanded, itself included. */
  long size();

  /** A scalar; plain scalars may be something else than text. */
  record Scalar(Place place, String text, boolean plain, @Nullable String tag) implements YamlNode {
    @Override
    public long size() {
      return 1;
    }
  }

  /** A list. */
  record Sequence(Place place, List<YamlNode> items, long size) implements YamlNode {}

  /** A mapping with distinct keys. */
  record Mapping(Place place, Map<String, Entry> entries, long size) implements YamlNode {}

  /** A value and the place of its key. */
  record Entry(Place key, YamlNode value) {}
}
