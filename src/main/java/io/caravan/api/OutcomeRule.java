/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import io.caravan.api.schema.GoDuration;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a Kamelet declares that a failure of its connector means. {@code toString} is for people.
 *
 * @param match which failures
 * @param message found in the exception's message, or in the body of the HTTP answer; empty where
 *     any will do
 * @param meaning what these mean
 * @param after how long to wait at least, if the backend does not say; of {@link Meaning#RETRY}
 *     only
 * @param afterHeader in which header of the HTTP answer the backend says it, as {@code Retry-After}
 *     does; of {@link Meaning#RETRY} only
 */
public record OutcomeRule(
    Match match,
    Optional<Pattern> message,
    Meaning meaning,
    Optional<Duration> after,
    Optional<String> afterHeader) {

  /** Which failures a rule is about. */
  public sealed interface Match {

    /** An exception of that class, or of one that extends or implements it. */
    record ExceptionClass(String name) implements Match {
      @Override
      public String toString() {
        return "exception " + name;
      }
    }

    /** An HTTP answer with a status between these, both included. */
    record HttpStatus(int from, int to) implements Match {
      @Override
      public String toString() {
        return from == to ? "http " + from : "http " + from + "-" + to;
      }
    }
  }

  /** The outcomes, in the words of a Kamelet. */
  public enum Meaning {
    /** The backend has the batch: a duplicate, for one. */
    DELIVERED("delivered"),
    /** It may pass. */
    RETRY("retry"),
    /** The backend will never take the batch. */
    REFUSE("refuse"),
    /** Its halves may pass. */
    TOO_LARGE("too-large"),
    /** Nothing will pass until somebody changes something. */
    MISCONFIGURED("misconfigured");

    private final String word;

    Meaning(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public String toString() {
    return match
        + message.map(pattern -> " with '" + pattern + "'").orElse("")
        + " -> "
        + meaning
        + after.map(wait -> " after " + GoDuration.format(wait)).orElse("")
        + afterHeader.map(name -> " after header " + name).orElse("");
  }
}
