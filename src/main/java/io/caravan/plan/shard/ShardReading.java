/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What shards say.
 *
 * @param plan the pipelines whose two entries match
 * @param unread the others
 * @param present the numbers of the shards that were there
 */
public record ShardReading(Plan plan, List<Unread> unread, Set<Integer> present) {

  public ShardReading {
    unread = List.copyOf(unread);
    present = Set.copyOf(present);
  }

  /**
   * Reads what there is: it may be less than all shards, and each of its own time.
   *
   * @param shards one a number
   */
  public static ShardReading of(Collection<Shard> shards) {
    List<PipelinePlan> pipelines = new ArrayList<>();
    List<Unread> unread = new ArrayList<>();
    Set<Integer> present = new HashSet<>();
    for (Shard shard : shards) {
      present.add(shard.number());
      EntryReader reader = new EntryReader(shard);
      for (String key : shard.config().keySet()) {
        if (!EntryKey.isKamelet(key)) {
          try {
            pipelines.add(reader.read(key));
          } catch (UnreadableEntryException e) {
            unread.add(reader.unread(key, e));
          }
        }
      }
    }
    return new ShardReading(sorted(pipelines), unread, present);
  }

  /**
   * What is to run: what was read, and of what runs now that of which nothing is known, because its
   * shard is not there or its entries cannot be taken. A pipeline whose entries cannot be taken and
   * which does not run is there without routes, which keeps its backlog.
   */
  public Plan over(Plan running) {
    List<PipelinePlan> pipelines = new ArrayList<>(plan.pipelines());
    Set<Object> known = new HashSet<>();
    pipelines.forEach(pipeline -> known.add(pipeline.id()));
    for (PipelinePlan each : running.pipelines()) {
      boolean unknown =
          !present.contains(Shard.of(each.id()))
              || unread.stream().anyMatch(entry -> entry.mayBe(each));
      if (unknown && known.add(each.id())) {
        pipelines.add(each);
      }
    }
    for (Unread entry : unread) {
      boolean runs = running.pipelines().stream().anyMatch(entry::mayBe);
      if (!runs) {
        entry.withoutRoutes().filter(each -> known.add(each.id())).ifPresent(pipelines::add);
      }
    }
    return sorted(pipelines);
  }

  private static Plan sorted(List<PipelinePlan> pipelines) {
    return new Plan(pipelines.stream().sorted(Comparator.comparing(PipelinePlan::id)).toList());
  }
}
