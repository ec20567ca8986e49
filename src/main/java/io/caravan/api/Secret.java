/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A Kubernetes Secret with decoded values. Its text form names the keys and never a value.
 *
 * @param namespace {@code default} where a manifest names none
 * @param data by key; {@code stringData} wins over {@code data}
 */
public record Secret(String name, String namespace, Map<String, SecretValue> data) {

  public Secret {
    data = Map.copyOf(data);
  }

  public Optional<SecretValue> value(String key) {
    return Optional.ofNullable(data.get(key));
  }

  @Override
  public String toString() {
    return "Secret[%s/%s, keys=%s]"
        .formatted(
            namespace,
            name,
            new TreeMap<>(data).keySet().stream().collect(Collectors.joining(" ")));
  }
}
