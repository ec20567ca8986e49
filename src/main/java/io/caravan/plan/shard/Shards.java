/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.api.Condition;
import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A plan, laid out as shards.
 *
 * @param shards all of them, by number
 * @param refused why pipelines of the plan are not in the shards as they are in the plan; their
 *     last entries, if they had some, are
 */
public record Shards(List<Shard> shards, SortedMap<PipelineId, Condition> refused) {
  /** What an object of the API server has room for, with a reserve for its metadata. */
  public static final long BOUND = 900L << 10;

  /** A node ends a deleted pipeline by itself; what is planned longer costs nothing. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  public Shards {
    shards = List.copyOf(shards);
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }

  /**
   * Lays out a plan. Equal arguments give equal shards, and a pipeline that has not changed has
   * entries that have not.
   *
   * <p>A pipeline of {@code before} that is not in the plan is deleted: it stays, as deleted, for
   * as long as it may deliver. Who has room keeps it: a pipeline that grew or is new and finds none
   * is refused, and displaces nobody.
   *
   * @param before what was laid out last; nothing, or all shards
   * @param bound of the bytes of a ConfigMap's data, and of a Secret's
   */
  public static Shards of(Plan plan, Collection<Shard> before, Instant now, long bound) {
    return of(plan, before, Set.of(), now, bound);
  }

  /**
   * The same where it is known of some deleted pipelines that nothing waits for delivery any more:
   * they do not stay.
   */
  public static Shards of(
      Plan plan, Collection<Shard> before, Set<PipelineId> ended, Instant now, long bound) {
    List<PipelinePlan> there =
        ShardReading.of(before).plan().pipelines().stream()
            .filter(one -> one.deletedAt().isEmpty() || !ended.contains(one.id()))
            .toList();
    return new Layout(plan, new Plan(there), now, bound).run();
  }

  private static final class Layout {
    private final Map<PipelineId, PipelinePlan> planned = new LinkedHashMap<>();
    private final Map<PipelineId, Entry> standing = new HashMap<>();
    private final List<ShardDraft> drafts;
    private final long bound;

    Layout(Plan plan, Plan before, Instant now, long bound) {
      this.bound = bound;
      this.drafts =
          IntStream.range(0, Shard.COUNT)
              .mapToObj(number -> new ShardDraft(number, bound))
              .toList();
      Map<PipelineId, PipelinePlan> all = new TreeMap<>();
      plan.pipelines().forEach(each -> all.put(each.id(), each));
      for (PipelinePlan each : before.pipelines()) {
        PipelinePlan next = all.get(each.id());
        if (next == null) {
          leave(each, now);
        } else {
          stand(each);
          planned.put(each.id(), next);
        }
      }
      all.forEach(planned::putIfAbsent); // behind those that are there
    }

    private void leave(PipelinePlan gone, Instant now) {
      PipelinePlan deleted = gone.deletedAt().isPresent() ? gone : gone.deleted(now);
      if (deleted.deliversUntil().orElse(now).plus(GRACE).isAfter(now)) {
        stand(deleted);
      }
    }

    private void stand(PipelinePlan pipeline) {
      Entry entry = Entry.of(pipeline);
      standing.put(pipeline.id(), entry);
      draft(pipeline.id()).put(entry);
    }

    private ShardDraft draft(PipelineId id) {
      return drafts.get(Shard.of(id));
    }

    Shards run() {
      Map<PipelineId, Entry> waiting = new LinkedHashMap<>();
      planned.forEach((id, pipeline) -> waiting.put(id, Entry.of(pipeline)));
      while (offer(waiting)) {
        // Again: one that has become smaller may have made room for one before it.
      }
      SortedMap<PipelineId, Condition> refused = new TreeMap<>();
      waiting.forEach((id, entry) -> refused.put(id, refusal(id, entry)));
      return new Shards(drafts.stream().map(ShardDraft::shard).toList(), refused);
    }

    /** Whether any was taken. */
    private boolean offer(Map<PipelineId, Entry> waiting) {
      boolean any = false;
      for (Iterator<Map.Entry<PipelineId, Entry>> each = waiting.entrySet().iterator();
          each.hasNext(); ) {
        Map.Entry<PipelineId, Entry> next = each.next();
        Entry entry = next.getValue();
        Entry former = standing.getOrDefault(next.getKey(), entry);
        if (draft(next.getKey()).offer(entry, former.key())) {
          each.remove();
          any = true;
        }
      }
      return any;
    }

    private Condition refusal(PipelineId id, Entry entry) {
      ShardDraft draft = draft(id);
      long config = entry.configBytes() + entry.kamelet().map(Entry.KameletEntry::bytes).orElse(0L);
      return new Condition(
          "ConfigurationGenerated",
          Condition.Status.FALSE,
          Reason.CONFIGURATION_TOO_LARGE.toString(),
          "The configuration does not fit: it takes %d bytes of the ConfigMap %s, which has %d, and %d of the Secret, which has %d; each has room for %d. Shorten it%s"
              .formatted(
                  config,
                  Shard.name(Shard.of(id)),
                  draft.configBytes(),
                  entry.secretBytes(),
                  draft.secretBytes(),
                  bound,
                  standing.containsKey(id) ? "; the last version goes on" : ""));
    }
  }
}
