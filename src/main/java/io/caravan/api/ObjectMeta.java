/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What this program reads of a resource's metadata.
 *
 * @param namespace empty for cluster-scoped resources, which the pipelines are
 * @param uid empty where whoever holds the resources gives none
 * @param creationTimestamp since when the resource is there; empty where only a cluster would say
 *     it
 * @param deletionTimestamp since when the resource is deleted; empty unless it is
 */
public record ObjectMeta(
    String name,
    Optional<String> namespace,
    Optional<String> uid,
    Optional<Instant> creationTimestamp,
    Optional<Instant> deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public ObjectMeta {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** As a manifest has it: without what only a cluster adds. */
  public ObjectMeta(
      String name,
      Optional<String> namespace,
      Map<String, String> labels,
      Map<String, String> annotations) {
    this(
        name, namespace, Optional.empty(), Optional.empty(), Optional.empty(), labels, annotations);
  }

  /** The same of this very resource, which may be deleted. */
  public ObjectMeta of(Optional<String> otherUid, Optional<Instant> otherDeletion) {
    return new ObjectMeta(
        name, namespace, otherUid, creationTimestamp, otherDeletion, labels, annotations);
  }

  /** The same, made at another time. */
  public ObjectMeta createdAt(Optional<Instant> otherCreation) {
    return new ObjectMeta(
        name, namespace, uid, otherCreation, deletionTimestamp, labels, annotations);
  }
}
