/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.KameletSource;
import io.caravan.api.schema.DidYouMean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The installed Kamelets by name. One that cannot be read harms only the pipelines that name it.
 * One thread.
 */
final class KameletCatalog {
  private final NavigableMap<String, KameletSource> sources = new TreeMap<>();
  private final Map<String, Kamelet> read = new HashMap<>();

  KameletCatalog(List<KameletSource> kamelets) {
    kamelets.forEach(kamelet -> sources.put(kamelet.name(), kamelet));
  }

  /** The Kamelet that the field {@code path} asks for. */
  Kamelet require(String name, String path) throws RejectedException {
    Optional<KameletSource> source = Optional.ofNullable(sources.get(name));
    if (source.isEmpty()) {
      throw new RejectedException(
          Reason.KAMELET_NOT_FOUND,
          "%s: no Kamelet is named '%s'%s (installed: %s)"
              .formatted(
                  path,
                  name,
                  DidYouMean.hint(name, sources.keySet()),
                  sources.isEmpty() ? "none" : String.join(", ", sources.keySet())));
    }
    Kamelet known = read.get(name);
    if (known == null) {
      known = KameletReader.read(source.get());
      read.put(name, known);
    }
    return known;
  }
}
