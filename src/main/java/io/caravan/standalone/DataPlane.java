/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.node.Node;
import io.caravan.node.PipelineState;
import io.caravan.plan.Plan;
import java.util.List;
import java.util.SortedMap;

/** What runs a plan: a {@link Node}, whose methods these are. */
public interface DataPlane extends AutoCloseable {

  /** Runs the first plan. */
  void start(Plan plan) throws Exception;

  /** Runs another plan. */
  void apply(Plan plan);

  /** How the pipelines fare. */
  List<PipelineState> states();

  /**
   * What deleted pipelines of the plan still have to deliver; those that have nothing are absent.
   */
  SortedMap<PipelineId, Remainder> remainders();

  /** Stops, with a bound. */
  @Override
  void close();

  /** A node as a data plane. */
  static DataPlane of(Node node) {
    return new DataPlane() {
      @Override
      public void start(Plan plan) throws Exception {
        node.start(plan);
      }

      @Override
      public void apply(Plan plan) {
        node.apply(plan);
      }

      @Override
      public List<PipelineState> states() {
        return node.states();
      }

      @Override
      public SortedMap<PipelineId, Remainder> remainders() {
        return node.remainders();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }
}
