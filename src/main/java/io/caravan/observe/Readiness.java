/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a process still waits for before it can do its work. Ready when nothing is left.
 *
 * <p>Thread-safe.
 */
public final class Readiness {
  private final Set<String> missing = new LinkedHashSet<>();

  /** Names what the process is not ready without, in words for people: {@code first plan}. */
  public synchronized void awaits(String what) {
    missing.add(what);
  }

  /** What was waited for is there. */
  public synchronized void has(String what) {
    missing.remove(what);
  }

  /** What is still waited for, in the order in which it was named. */
  public synchronized List<String> missing() {
    return List.copyOf(missing);
  }
}
