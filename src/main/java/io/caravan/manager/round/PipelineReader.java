/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.api.convert.Resources;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.cluster.Packed;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the pipelines of a cluster, each once a version: what was read of one whose specification
 * and metadata are as they were is taken again. Not thread-safe.
 */
public final class PipelineReader {
  private Map<String, Known> known = new HashMap<>();

  private record Known(Version version, ReadPipeline pipeline) {}

  /** Grows with each change of the specification; the rest is what a plan may read as well. */
  private record Version(
      Long generation,
      String deletion,
      Map<String, String> labels,
      Map<String, String> annotations) {

    static Version of(ObjectMeta metadata) {
      return new Version(
          Objects.requireNonNullElse(metadata.getGeneration(), 0L),
          Objects.requireNonNullElse(metadata.getDeletionTimestamp(), ""),
          Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
          Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
    }
  }

  /** All of them, sorted. */
  public List<ReadPipeline> read(List<GenericKubernetesResource> resources) {
    Map<String, Known> now = new HashMap<>();
    for (GenericKubernetesResource each : resources) {
      String uid = each.getMetadata().getUid();
      Version version = Version.of(each.getMetadata());
      Known last = known.get(uid);
      now.put(
          uid,
          last != null && last.version.equals(version)
              ? new Known(version, with(last.pipeline, each))
              : new Known(version, read(each)));
    }
    known = now;
    return now.values().stream()
        .map(Known::pipeline)
        .sorted(java.util.Comparator.comparing(ReadPipeline::id))
        .toList();
  }

  private static ReadPipeline with(ReadPipeline last, GenericKubernetesResource resource) {
    return switch (last) {
      case ReadPipeline.Valid(var id, var _, var pipeline) ->
          new ReadPipeline.Valid(id, resource, pipeline);
      case ReadPipeline.Invalid(var id, var _, var why) ->
          new ReadPipeline.Invalid(id, resource, why);
    };
  }

  private static ReadPipeline read(GenericKubernetesResource resource) {
    PipelineKind kind = kind(resource);
    ObjectMeta metadata = resource.getMetadata();
    ObjectNode tree = Packed.tree(resource);
    Admission.Review review = Admission.stored(ResourceKind.of(kind), tree);
    PipelineId id = new PipelineId(kind, metadata.getName(), metadata.getUid());
    if (!review.violations().isEmpty()) {
      return new ReadPipeline.Invalid(
          id,
          resource,
          review.violations().stream()
              .map(one -> one.path() + ": " + one.message())
              .collect(Collectors.joining("; ")));
    }
    Pipeline pipeline = Resources.pipeline(kind, review.tree());
    return new ReadPipeline.Valid(
        id,
        resource,
        pipeline.with(
            pipeline
                .metadata()
                .createdAt(Optional.ofNullable(metadata.getCreationTimestamp()).map(Instant::parse))
                .of(
                    Optional.of(metadata.getUid()),
                    Optional.ofNullable(metadata.getDeletionTimestamp()).map(Instant::parse))));
  }

  private static PipelineKind kind(GenericKubernetesResource resource) {
    return Arrays.stream(PipelineKind.values())
        .filter(one -> one.kind().equals(resource.getKind()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no pipeline: " + resource.getKind()));
  }
}
