/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A condition as a resource's status has it.
 *
 * @param observedGeneration the generation of the resource that it was decided of
 * @param lastTransitionTime since when it has its status, whole seconds
 */
public record StatusCondition(
    Condition condition, long observedGeneration, Instant lastTransitionTime) {

  /**
   * The same conditions with their times: one that has the status that it had before keeps its
   * time, whatever its reason and message are now, as Kubernetes' own controllers do.
   *
   * @param before those that the resource has
   */
  public static List<StatusCondition> of(
      List<Condition> conditions, long generation, List<StatusCondition> before, Instant now) {
    return conditions.stream()
        .map(
            one ->
                new StatusCondition(
                    one,
                    generation,
                    before.stream()
                        .filter(old -> old.isOf(one))
                        .map(StatusCondition::lastTransitionTime)
                        .findFirst()
                        .orElse(Instant.ofEpochSecond(now.getEpochSecond()))))
        .toList();
  }

  private boolean isOf(Condition other) {
    return Objects.equals(condition.type(), other.type()) && condition.status() == other.status();
  }
}
