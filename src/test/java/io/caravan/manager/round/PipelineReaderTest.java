/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineReaderTest {
  private final PipelineReader reader = new PipelineReader();

  private ReadPipeline.Valid valid(GenericKubernetesResource resource) {
    ReadPipeline read = reader.read(List.of(resource)).getFirst();
    assertThat(read).isInstanceOf(ReadPipeline.Valid.class);
    return (ReadPipeline.Valid) read;
  }

  @Test
  void shouldReadThemSortedWithWhatOnlyAClusterKnows() {
    GenericKubernetesResource deleted = StoredPipelines.trace("a", "http://a:4317");
    deleted.getMetadata().setDeletionTimestamp("2026-11-22T07:30:00Z");

    List<ReadPipeline> read =
        reader.read(
            List.of(
                StoredPipelines.trace("b", "http://b:4317"),
                deleted,
                StoredPipelines.read(
                    "LogPipeline", "c", "{otlp: {endpoint: {value: 'http://c:4317'}}}")));

    assertThat(read).isSortedAccordingTo((one, other) -> one.id().compareTo(other.id()));
    assertThat(read).extracting(one -> one.id().name()).containsExactlyInAnyOrder("a", "b", "c");
    ReadPipeline.Valid first = valid(deleted);
    assertThat(first.id().uid()).isEqualTo("uid-of-a");
    assertThat(first.pipeline().id()).isEqualTo(first.id());
    assertThat(first.pipeline().metadata().creationTimestamp())
        .contains(Instant.parse("2026-11-22T07:00:00Z"));
    assertThat(first.pipeline().metadata().deletionTimestamp())
        .contains(Instant.parse("2026-11-22T07:30:00Z"));
  }

  @Test
  void shouldSayAllThatIsWrongWithOneAndReadTheOthers() {
    List<ReadPipeline> read =
        reader.read(
            List.of(
                StoredPipelines.trace("good", "http://a:4317"),
                StoredPipelines.read(
                    "TracePipeline", "bad", "{otlp: {endpoint: {}, protocol: carrier-pigeon}}")));

    assertThat(read.getFirst())
        .isInstanceOfSatisfying(
            ReadPipeline.Invalid.class,
            bad -> assertThat(bad.why()).contains("'endpoint'", "spec.output.otlp.protocol", "; "));
    assertThat(read.getLast()).isInstanceOf(ReadPipeline.Valid.class);
  }

  @Test
  void shouldNotReadAgainWhatIsAsItWasAndStillHaveItsNewStatus() {
    ReadPipeline.Valid before = valid(StoredPipelines.trace("a", "http://a:4317"));
    GenericKubernetesResource next = StoredPipelines.trace("a", "http://a:4317");
    next.getMetadata().setResourceVersion("17");

    ReadPipeline.Valid after = valid(next);

    assertThat(after.pipeline()).isSameAs(before.pipeline());
    assertThat(after.resource()).isSameAs(next);
  }

  @Test
  void shouldReadAgainWhatHasAnotherGenerationLabelAnnotationOrHasBeenDeleted() {
    ReadPipeline.Valid before = valid(StoredPipelines.trace("a", "http://a:4317"));
    GenericKubernetesResource changed = StoredPipelines.trace("a", "http://b:4317");
    changed.getMetadata().setGeneration(2L);
    ReadPipeline.Valid second = valid(changed);
    assertThat(second.pipeline()).isNotEqualTo(before.pipeline());

    GenericKubernetesResource labelled = StoredPipelines.trace("a", "http://b:4317");
    labelled.getMetadata().setGeneration(2L);
    labelled.getMetadata().setLabels(Map.of("team", "one"));
    assertThat(valid(labelled).pipeline().metadata().labels()).containsEntry("team", "one");

    GenericKubernetesResource deleted = StoredPipelines.trace("a", "http://b:4317");
    deleted.getMetadata().setGeneration(2L);
    deleted.getMetadata().setDeletionTimestamp("2026-11-22T07:30:00Z");
    assertThat(valid(deleted).pipeline().metadata().deletionTimestamp()).isPresent();
  }

  @Test
  void shouldNotTakeAPipelineForTheOneOfItsNameThatWasDeleted() {
    ReadPipeline.Valid before = valid(StoredPipelines.trace("a", "http://a:4317"));
    GenericKubernetesResource other = StoredPipelines.trace("a", "http://b:4317");
    other.getMetadata().setUid("another");

    ReadPipeline.Valid after = valid(other);

    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(after.pipeline()).isNotEqualTo(before.pipeline());
  }
}
