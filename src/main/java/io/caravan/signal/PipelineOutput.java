/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.delivery.Deliverer;
import io.caravan.delivery.Output;
import io.caravan.otlp.Outcome;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where one pipeline's batches go: its deliverer, and the version of it that is active and takes
 * what the deliverer sends. Thread-safe.
 */
final class PipelineOutput {
  private final PipelineMeters meters;
  private final FailureLog failures;
  private final Versions versions = new Versions();
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Deliverer deliverer;

  PipelineOutput(PipelineMeters meters, FailureLog failures) {
    this.meters = meters;
    this.failures = failures;
  }

  /** The version that takes batches; null if there is none. */
  @Nullable Subscription active() {
    return versions.active();
  }

  @Nullable Deliverer deliverer() {
    return deliverer;
  }

  /** Why the last attempt failed; empty if it did not. */
  Optional<DeliveryFailure> failure() {
    Deliverer now = deliverer;
    return now == null ? Optional.empty() : now.state().failure();
  }

  /** Gives it its deliverer. Begins when a version is active. */
  void deliverWith(Deliverer own) {
    if (versions.active() == null) {
      own.pause();
    }
    deliverer = own;
    meters.attempts(own);
  }

  /** No version waits any more for attempts that nobody waits for. */
  void abandonAttempts() {
    open.forEach(Runnable::run);
  }

  /** A connector that delivers to whatever version is active. */
  RouteConnector connector() {
    return new RouteConnector(versions::enter, this::attempted, open);
  }

  private void attempted(Outcome outcome) {
    if (outcome instanceof Outcome.Delivered) {
      failures.recovered();
    } else {
      failures.failed(outcome);
      meters.failedAttempt(outcome);
    }
  }

  /**
   * From now on every batch goes to this version; what the version before it has begun, it ends.
   * The result completes when it has.
   */
  CompletableFuture<Void> switchTo(Subscription next, Executor runsIntake) {
    Subscription old = versions.switchTo(next, runsIntake);
    Deliverer now = deliverer;
    if (now != null && old != next) {
      // Another backend, perhaps: what failed at the one before says nothing of it.
      now.switchTo(new Output(connector(), Runnable::run));
      now.resume();
    }
    return Versions.retire(old, next);
  }

  /** From now on no version takes batches. */
  CompletableFuture<Void> stop() {
    pause();
    return versions.stop();
  }

  /** Stops this very version, if it is the active one. */
  void stop(Subscription subscription) {
    if (versions.stop(subscription)) {
      pause();
    }
  }

  /** Without a version that is active, no attempt could but fail. */
  private void pause() {
    Deliverer now = deliverer;
    if (now != null) {
      now.pause();
    }
  }

  void stopSoon() {
    Deliverer now = deliverer;
    if (now != null) {
      now.stopSoon();
    }
  }
}
