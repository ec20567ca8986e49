/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a dead letter; never used for another. Its text is {@code <pipeline>@<hexadecimal number>}.
 *
 * @param pipeline whose letter it is
 * @param position where it stands; later letters have higher ones
 */
public record DeadLetterId(String pipeline, long position) implements Comparable<DeadLetterId> {
  private static final Pattern TEXT = Pattern.compile("(.+)@([0-9a-f]{1,15})");

  /** The id of a text; empty if it is none. */
  public static Optional<DeadLetterId> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new DeadLetterId(parts.group(1), Long.parseLong(parts.group(2), 16)))
        : Optional.empty();
  }

  /** By pipeline, and the oldest first. */
  @Override
  public int compareTo(DeadLetterId other) {
    int order = pipeline.compareTo(other.pipeline);
    return order == 0 ? Long.compare(position, other.position) : order;
  }

  @Override
  public String toString() {
    return pipeline + "@" + Long.toHexString(position);
  }
}
