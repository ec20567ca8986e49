/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.plan.Plan;
import java.util.Collections;
import java.util.SortedMap;

/** Tells in the log what has become of a plan's pipelines since the last look. Of one thread. */
public final class PlaneLog {
  private SortedMap<PipelineId, Standing> standings = Collections.emptySortedMap();

  /** Looks at what a data plane makes of its plan. */
  public void look(Plan plan, DataPlane plane) {
    SortedMap<PipelineId, Standing> now = Standing.of(plan, plane.states());
    EventLog.events(Event.between(standings, now));
    standings = now;
  }
}
