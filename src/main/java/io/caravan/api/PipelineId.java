/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pipeline: its kind and its name, which is unique among that kind, and which of those that have
 * had this name it is. Pipelines are cluster-scoped.
 *
 * @param uid tells a pipeline from one that was deleted before and is still being delivered; empty
 *     where nobody gave one. No part of what people call the pipeline
 */
public record PipelineId(PipelineKind kind, String name, String uid)
    implements Comparable<PipelineId> {
  private static final Pattern PLACE =
      Pattern.compile("(?<kind>[^/]+)/(?<name>[^#]+)(?:#(?<uid>.+))?");

  private static final Comparator<PipelineId> ORDER =
      Comparator.comparing(PipelineId::kind)
          .thenComparing(PipelineId::name)
          .thenComparing(PipelineId::uid);

  /** A pipeline without uid. */
  public PipelineId(PipelineKind kind, String name) {
    this(kind, name, "");
  }

  /** What all pipelines that have had this name share: metrics, dead letters. */
  public PipelineId withoutUid() {
    return uid.isEmpty() ? this : new PipelineId(kind, name);
  }

  /** Whether people call both the same. */
  public boolean sharesName(PipelineId other) {
    return kind == other.kind && name.equals(other.name);
  }

  /** What is this very pipeline's: {@code tracepipeline/demo}, or with a uid {@code ...#uid}. */
  public String place() {
    return uid.isEmpty() ? toString() : this + "#" + uid;
  }

  /** What {@link #place} was given for; empty if that was something else. */
  public static Optional<PipelineId> ofPlace(String place) {
    Matcher parts = PLACE.matcher(place);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String uid = parts.group("uid") == null ? "" : parts.group("uid");
    return Arrays.stream(PipelineKind.values())
        .filter(kind -> kind.singular().equals(parts.group("kind")))
        .findFirst()
        .map(kind -> new PipelineId(kind, parts.group("name"), uid));
  }

  /** {@code tracepipeline/demo}: as in metrics, logs and messages. */
  @Override
  public String toString() {
    return kind.singular() + "/" + name;
  }

  @Override
  public int compareTo(PipelineId other) {
    return ORDER.compare(this, other);
  }
}
