/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who has a place where the number of pipelines of a kind is limited: the oldest, and of those of
 * one moment the first by name, so that a new pipeline never takes the place of one that runs. What
 * is invalid takes a place, too, and what is deleted takes none.
 */
final class PipelineLimit {
  private static final Comparator<Pipeline> BY_AGE =
      Comparator.comparing(
              (Pipeline pipeline) -> pipeline.metadata().creationTimestamp().orElse(Instant.MAX))
          .thenComparing(Pipeline::id);

  private final Set<PipelineId> beyond;

  PipelineLimit(List<Pipeline> pipelines, OptionalInt most) {
    beyond =
        most.isEmpty()
            ? Set.of()
            : Stream.of(PipelineKind.values())
                .flatMap(
                    kind ->
                        pipelines.stream()
                            .filter(pipeline -> pipeline.kind() == kind)
                            .filter(pipeline -> pipeline.metadata().deletionTimestamp().isEmpty())
                            .sorted(BY_AGE)
                            .skip(most.getAsInt()))
                .map(Pipeline::id)
                .collect(Collectors.toUnmodifiableSet());
  }

  void check(Pipeline pipeline) throws RejectedException {
    if (beyond.contains(pipeline.id())) {
      throw new RejectedException(
          Reason.MAX_PIPELINES_EXCEEDED, "Maximum pipeline count limit exceeded");
    }
  }
}
