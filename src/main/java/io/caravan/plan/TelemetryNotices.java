/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what the Telemetry resource asks for and this version does not do. */
final class TelemetryNotices {
  private TelemetryNotices() {}

  static List<String> of(Optional<Telemetry> telemetry) {
    List<String> paths = new ArrayList<>();
    telemetry
        .map(Telemetry::enrichments)
        .ifPresent(
            enrichments -> {
              if (!enrichments.extractPodLabels().isEmpty()) {
                paths.add("spec.enrichments.extractPodLabels");
              }
              if (enrichments.cluster().name().isPresent()) {
                paths.add("spec.enrichments.cluster.name");
              }
            });
    return paths.isEmpty()
        ? List.of()
        : List.of(
            "This version adds no attributes: %s of the Telemetry resource has no effect yet."
                .formatted(String.join(", ", paths)));
  }
}
