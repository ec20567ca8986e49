/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.plan.Plan;
import java.util.List;

/**
 * A data plane: one Camel context that runs a plan.
 *
 * <p>{@link #apply} is serialised by the node itself; {@link #states} may be called from any
 * thread.
 */
public final class Node implements AutoCloseable {

  public Node(NodeSettings settings) {}

  /** Starts Camel, loads the first plan and then opens the ports. */
  public void start(Plan plan) throws Exception {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts, replaces and drains exactly the pipelines that changed. Returns when the new routes
   * take over; the old ones drain behind.
   */
  public void apply(Plan plan) {
    throw new UnsupportedOperationException();
  }

  public List<PipelineState> states() {
    throw new UnsupportedOperationException();
  }

  /** The ports that are listened on; 0 before {@link #start}. */
  public int grpcPort() {
    throw new UnsupportedOperationException();
  }

  public int httpPort() {
    throw new UnsupportedOperationException();
  }

  /** Stops accepting, answers what is in flight, at most for the drain timeout, and stops. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
