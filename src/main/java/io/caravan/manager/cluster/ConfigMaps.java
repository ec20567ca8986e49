/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The ConfigMaps of its namespace that the manager reads. */
public final class ConfigMaps {
  /** Overrides for those who look for a fault, as the predecessor has them. */
  public static final String OVERRIDES = "telemetry-overrides";

  /** The label of ConfigMaps whose entries are Kamelets; its value does not matter. */
  public static final String KAMELETS = "caravan.io/kamelets";

  private ConfigMaps() {}

  static boolean isRead(ConfigMap one) {
    return isOverrides(one) || hasKamelets(one);
  }

  public static boolean hasKamelets(ConfigMap one) {
    return Objects.requireNonNullElse(one.getMetadata().getLabels(), Map.of())
        .containsKey(KAMELETS);
  }

  private static boolean isOverrides(ConfigMap one) {
    return one.getMetadata().getName().equals(OVERRIDES);
  }

  /** The text of the overrides, if there is one among these. */
  public static Optional<String> overrides(Iterable<ConfigMap> all) {
    for (ConfigMap one : all) {
      if (isOverrides(one) && one.getData() != null) {
        return Optional.ofNullable(one.getData().get("overrides"));
      }
    }
    return Optional.empty();
  }
}
