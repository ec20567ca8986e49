/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.OutcomeRule;
import io.caravan.api.PipelineId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One version of a pipeline as the fan-out sees it: what it selects, and where its batches go.
 * Thread-safe.
 *
 * <p>A retired subscription lets no further batch in and knows when the last one has left. Both
 * stand in one word, so that a batch which races with a swap is either seen by those who wait for
 * the old version to drain, or goes to the new one.
 */
public final class Subscription {
  private static final int RETIRED = Integer.MIN_VALUE;

  private final PipelineId pipeline;
  private final String digest;
  private final Selection selection;
  private final Intake intake;
  private final AtomicInteger state = new AtomicInteger();
  private volatile Executor executor = Runnable::run;
  private volatile List<OutcomeRule> outcomes = List.of();
  private volatile CompletableFuture<Void> drained = new CompletableFuture<>();

  public Subscription(PipelineId pipeline, String digest, Selection selection, Intake intake) {
    this.pipeline = pipeline;
    this.digest = digest;
    this.selection = selection;
    this.intake = intake;
  }

  public PipelineId pipeline() {
    return pipeline;
  }

  public String digest() {
    return digest;
  }

  public Selection selection() {
    return selection;
  }

  public Intake intake() {
    return intake;
  }

  /** Runs the intake; on the sender's thread unless the route is said to block. */
  Executor executor() {
    return executor;
  }

  /** What the Kamelet declares of its failures. */
  List<OutcomeRule> outcomes() {
    return outcomes;
  }

  /** What the Kamelet declares of its failures, from now on. */
  void outcomes(List<OutcomeRule> declared) {
    outcomes = declared;
  }

  /** Opens the subscription, for the first time or again after it was retired. */
  void open(Executor runsIntake) {
    executor = runsIntake;
    drained = new CompletableFuture<>();
    state.updateAndGet(before -> before & ~RETIRED);
  }

  /** True lets one batch in; who got it in calls {@link #leave}. False: retired. */
  boolean enter() {
    int before = state.get();
    while (before >= 0) {
      if (state.compareAndSet(before, before + 1)) {
        return true;
      }
      before = state.get();
    }
    return false;
  }

  void leave() {
    if (state.decrementAndGet() == RETIRED) {
      drained.complete(null);
    }
  }

  /** Lets nothing in any more. The result completes when the last batch has left. */
  CompletableFuture<Void> retire() {
    CompletableFuture<Void> result = drained;
    if (state.updateAndGet(before -> before | RETIRED) == RETIRED) {
      result.complete(null);
    }
    return result;
  }
}
