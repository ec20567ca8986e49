/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that Camel makes while a thread loads a pipeline. Thread-safe, for one thread that
 * loads at a time.
 */
final class LoadedEndpoints implements EndpointStrategy {
  private final List<Endpoint> made = new ArrayList<>();
  private volatile @Nullable Thread loading;

  /** From here on, what this thread makes is remembered. */
  void begin() {
    loading = Thread.currentThread();
  }

  /** What was made since; nothing the second time. */
  List<Endpoint> end() {
    loading = null;
    List<Endpoint> result = List.copyOf(made);
    made.clear();
    return result;
  }

  @Override
  public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
    if (Thread.currentThread().equals(loading)) {
      made.add(endpoint);
    }
    return endpoint;
  }
}
