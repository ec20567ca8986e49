/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Until when the sender of a request waits for its answer: for as long as it said, or until it goes
 * away. Thread-safe.
 */
public final class SenderDeadline {
  /**
   * How long a sender waits that does not say so: the default of OTLP exporters ({@code
   * OTEL_EXPORTER_OTLP_TIMEOUT}).
   */
  public static final Duration DEFAULT = Duration.ofSeconds(10);

  /** Eight digits and a unit, as the protocol of gRPC writes a timeout. */
  private static final int MOST_DIGITS = 8;

  private static final Duration LONGEST = Duration.ofDays(1);

  private final long endNanos;

  // Guarded by this.
  private boolean gone;
  private List<Runnable> whenGone = List.of();

  private SenderDeadline(Duration after) {
    Duration bounded = after.compareTo(LONGEST) < 0 ? after : LONGEST;
    endNanos = System.nanoTime() + bounded.toNanos();
  }

  /** A sender that waits so long from now on; more than a day is a day. */
  public static SenderDeadline in(Duration after) {
    return new SenderDeadline(after);
  }

  /**
   * A sender that waits from now on as long as a {@code grpc-timeout} says; {@link #DEFAULT} where
   * there is none, or none that can be read.
   */
  public static SenderDeadline ofGrpc(@Nullable CharSequence timeout) {
    return new SenderDeadline(timeout == null ? DEFAULT : parse(timeout));
  }

  private static Duration parse(CharSequence timeout) {
    int digits = timeout.length() - 1;
    if (digits < 1 || digits > MOST_DIGITS) {
      return DEFAULT;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = timeout.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return DEFAULT;
      }
      value = 10 * value + digit;
    }
    return switch (timeout.charAt(digits)) {
      case 'H' -> Duration.ofHours(value);
      case 'M' -> Duration.ofMinutes(value);
      case 'S' -> Duration.ofSeconds(value);
      case 'm' -> Duration.ofMillis(value);
      case 'u' -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value));
      case 'n' -> Duration.ofNanos(value);
      default -> DEFAULT;
    };
  }

  /** That of an exchange's sender, or of one that waits from now on as long as most do. */
  public static SenderDeadline of(Exchange exchange) {
    SenderDeadline noted =
        exchange.getProperty(OtlpComponent.DEADLINE_PROPERTY, SenderDeadline.class);
    return noted == null ? in(DEFAULT) : noted;
  }

  /** How long it waits still, 0 or more. */
  public Duration left() {
    synchronized (this) {
      if (gone) {
        return Duration.ZERO;
      }
    }
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /** Has something done, on any thread and perhaps at once, if the sender goes away. */
  public void whenGone(Runnable task) {
    synchronized (this) {
      if (!gone) {
        if (whenGone.isEmpty()) {
          whenGone = new ArrayList<>(1);
        }
        whenGone.add(task);
        return;
      }
    }
    task.run();
  }

  /** The sender has gone away; also to be called, without effect, when it has its answer. */
  public void gone() {
    List<Runnable> tasks;
    synchronized (this) {
      gone = true;
      tasks = whenGone;
      whenGone = List.of();
    }
    tasks.forEach(Runnable::run);
  }
}
