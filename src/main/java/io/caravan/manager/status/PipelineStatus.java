/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Condition;
import io.caravan.api.PipelineId;
import java.util.List;
import java.util.Optional;

/** A pipeline's conditions, for what the Telemetry resource says of all. */
public record PipelineStatus(PipelineId id, List<Condition> conditions) {
  public PipelineStatus {
    conditions = List.copyOf(conditions);
  }

  Optional<Condition> find(String type) {
    return conditions.stream().filter(one -> one.type().equals(type)).findFirst();
  }
}
