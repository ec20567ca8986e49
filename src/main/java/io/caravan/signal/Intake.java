/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.util.function.Consumer;

/**
 * Where a pipeline's batches go: its route today, its place in a journal where there is one.
 *
 * <p>Called from any thread, also at the same time.
 */
@FunctionalInterface
public interface Intake {

  /**
   * Takes a batch and one reference to it, which the intake releases when it is done, on every
   * path. {@code answer} may be called from any thread, also before this returns; who calls it
   * twice is counted and otherwise ignored. A failure is an answer: nothing is thrown.
   */
  void take(OtlpBatch batch, Consumer<Answer> answer);
}
