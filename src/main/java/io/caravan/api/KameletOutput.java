/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Map;

/**
 * {@code spec.output.kamelet}: delivery through any connector. An addition of Caravan, which counts
 * as {@code otlp} in every rule and default.
 *
 * @param name of the Kamelet, {@code http-sink}
 * @param properties by name, as the Kamelet's own schema defines them
 */
public record KameletOutput(String name, Map<String, ValueType> properties) implements Output {

  public KameletOutput {
    properties = Map.copyOf(properties);
  }
}
