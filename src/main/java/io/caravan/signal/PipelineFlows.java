/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineFlow;
import io.caravan.api.PipelineFlow.Waiting;
import io.caravan.api.PipelineId;
import io.caravan.observe.ledger.Account;
import io.caravan.observe.ledger.Ledger;
import io.caravan.observe.ledger.Line;
import io.caravan.observe.ledger.PipelineBook;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes of the records of pipelines, as books, meters and backlogs have it together. */
final class PipelineFlows {
  private PipelineFlows() {}

  /** Of those whose book can be read at this moment. Reads files. */
  static SortedMap<PipelineId, PipelineFlow> of(
      Collection<SubscribedPipeline> pipelines, Ledger ledger) {
    SortedMap<PipelineId, PipelineFlow> flows = new TreeMap<>();
    for (SubscribedPipeline each : pipelines) {
      Optional<List<Line>> lines = ledger.find(each.id()).flatMap(PipelineBook::lines);
      lines.ifPresent(of -> flows.put(each.id(), flow(of, each)));
    }
    return flows;
  }

  private static PipelineFlow flow(List<Line> lines, SubscribedPipeline pipeline) {
    SortedMap<String, Long> dropped = new TreeMap<>();
    lines.stream()
        .filter(line -> line.account() == Account.DROPPED)
        .forEach(line -> dropped.merge(line.reason(), line.amount().records(), Long::sum));
    return new PipelineFlow(
        records(lines, Account.ACCEPTED),
        records(lines, Account.DELIVERED),
        records(lines, Account.DEAD_LETTERED),
        dropped,
        pipeline.meters().refused(),
        waiting(pipeline));
  }

  private static long records(List<Line> lines, Account account) {
    return lines.stream()
        .filter(line -> line.account() == account)
        .mapToLong(line -> line.amount().records())
        .sum();
  }

  private static Waiting waiting(SubscribedPipeline pipeline) {
    Backlog backlog = pipeline.backlog();
    return backlog == null
        ? Waiting.NONE
        : new Waiting(
            backlog.place().pendingBytes(), backlog.place().mostBytes(), backlog.oldest());
  }
}
