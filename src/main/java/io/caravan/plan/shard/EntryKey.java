/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.Digest;
import io.caravan.plan.PipelinePlan;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of entries: {@code tracepipeline.demo}, {@code tracepipeline.demo_<uid>} for a deleted
 * pipeline, {@code kamelet.<digest>}. Keys of ConfigMaps hold letters, digits and {@code -._}, of
 * which names of resources hold all but the {@code _}.
 */
final class EntryKey {
  private static final String KAMELET = "kamelet.";
  private static final char SEPARATOR = '_';
  private static final int LONGEST = 253;
  private static final Pattern PIPELINE =
      Pattern.compile("(?<kind>[a-z]+)\\.(?<name>[^_]+)(?:_(?<uid>.*))?");

  private EntryKey() {}

  /** Of the entry of a pipeline, whose name may be another's again if it is deleted. */
  static String of(PipelinePlan pipeline) {
    return of(pipeline.id(), pipeline.deletedAt().isPresent());
  }

  private static String of(PipelineId id, boolean deleted) {
    String end = deleted ? SEPARATOR + id.uid() : "";
    String key = id.kind().singular() + "." + id.name() + end;
    return key.length() <= LONGEST
        ? key
        : id.kind().singular() + "." + SEPARATOR + new Digest().add(id.name()).toHex() + end;
  }

  static String ofKamelet(String digest) {
    return KAMELET + digest;
  }

  static boolean isKamelet(String key) {
    return key.startsWith(KAMELET);
  }

  /**
   * The pipeline of an entry that cannot be read itself: without uid if it is not deleted. Empty if
   * the key does not tell.
   */
  static Optional<PipelineId> pipeline(String key) {
    Matcher parts = PIPELINE.matcher(key);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String uid = parts.group("uid") == null ? "" : parts.group("uid");
    return Arrays.stream(PipelineKind.values())
        .filter(kind -> kind.singular().equals(parts.group("kind")))
        .findFirst()
        .map(kind -> new PipelineId(kind, parts.group("name"), uid));
  }
}
