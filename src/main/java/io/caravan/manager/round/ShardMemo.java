/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.ShardReading;
import io.caravan.plan.shard.Shards;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lays plans out as {@link Shards} does, and reads them, of one round after the other: only shards
 * of which something has changed, since no shard depends on another. One that is as it was keeps
 * its identity, and with it what was made of it. Not thread-safe.
 */
public final class ShardMemo {
  /** What shards were made of, of those that hold just that: nothing refused, nothing deleted. */
  private final Map<Integer, List<PipelinePlan>> settled = new HashMap<>();

  private IdentityHashMap<Shard, List<PipelinePlan>> read = new IdentityHashMap<>();

  /** What shards say. */
  public Plan plan(Collection<Shard> shards) {
    IdentityHashMap<Shard, List<PipelinePlan>> now = new IdentityHashMap<>();
    List<PipelinePlan> all = new ArrayList<>();
    for (Shard each : shards) {
      List<PipelinePlan> known = read.get(each);
      List<PipelinePlan> pipelines =
          known == null ? ShardReading.of(List.of(each)).plan().pipelines() : known;
      now.put(each, pipelines);
      all.addAll(pipelines);
    }
    read = now;
    all.sort(Comparator.comparing(PipelinePlan::id));
    return new Plan(all);
  }

  /**
   * Lays the next plan out.
   *
   * @param before as it was laid out last, all or none of the shards
   * @param ended deleted pipelines of which nothing is left anywhere
   */
  public Shards next(Plan plan, List<Shard> before, Set<PipelineId> ended, Instant now) {
    Map<Integer, List<PipelinePlan>> wanted = new HashMap<>();
    plan.pipelines()
        .forEach(
            each -> wanted.computeIfAbsent(Shard.of(each.id()), _ -> new ArrayList<>()).add(each));
    Map<Integer, Shard> standing = new HashMap<>();
    before.forEach(each -> standing.put(each.number(), each));
    Set<Integer> changed = new HashSet<>();
    for (int number = 0; number < Shard.COUNT; number++) {
      List<PipelinePlan> source = wanted.getOrDefault(number, List.of());
      Shard shard = standing.get(number);
      if (shard == null || !source.equals(settled.get(number))) {
        changed.add(number);
      } else {
        keep(shard, source);
      }
    }
    if (changed.isEmpty()) {
      return new Shards(before, new TreeMap<>());
    }
    Shards fresh =
        Shards.of(
            new Plan(
                plan.pipelines().stream()
                    .filter(each -> changed.contains(Shard.of(each.id())))
                    .toList()),
            before.stream().filter(each -> changed.contains(each.number())).toList(),
            ended,
            now,
            Shards.BOUND);
    List<Shard> all = new ArrayList<>();
    for (Shard each : fresh.shards()) {
      Shard old = standing.get(each.number());
      all.add(old != null && (!changed.contains(each.number()) || old.equals(each)) ? old : each);
    }
    settle(changed, wanted, new Shards(all, fresh.refused()));
    return new Shards(all, fresh.refused());
  }

  /** Of equal plans the newest, which others hold as well: one copy is enough. */
  private void keep(Shard shard, List<PipelinePlan> newest) {
    List<PipelinePlan> before = settled.put(shard.number(), newest);
    var _ = read.computeIfPresent(shard, (_, says) -> isSame(says, before) ? newest : says);
  }

  @SuppressWarnings("ReferenceEquality") // it is to be seen whether it is kept, not what it says
  private static boolean isSame(List<PipelinePlan> one, @Nullable List<PipelinePlan> other) {
    return one == other;
  }

  private void settle(
      Set<Integer> changed, Map<Integer, List<PipelinePlan>> wanted, Shards laidOut) {
    var _ = plan(laidOut.shards());
    Set<Integer> refused = new HashSet<>();
    laidOut.refused().keySet().forEach(each -> refused.add(Shard.of(each)));
    for (Shard each : laidOut.shards()) {
      List<PipelinePlan> source = wanted.getOrDefault(each.number(), List.of());
      List<PipelinePlan> says = read.getOrDefault(each, List.of());
      if (changed.contains(each.number())) {
        if (!refused.contains(each.number()) && says.size() == source.size()) {
          settled.put(each.number(), source);
          if (says.equals(source)) {
            read.put(each, source); // as above
          }
        } else {
          settled.remove(each.number());
        }
      }
    }
  }
}
