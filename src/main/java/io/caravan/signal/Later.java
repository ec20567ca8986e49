/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.time.Duration;

/** Calls a task once, after a while, on a thread of its own. */
@FunctionalInterface
interface Later {
  void run(Runnable task, Duration after);
}
