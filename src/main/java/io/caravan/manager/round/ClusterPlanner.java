/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.Telemetry;
import io.caravan.api.ValueType.SecretKeyRef;
import io.caravan.manager.cluster.SecretName;
import io.caravan.manager.cluster.SecretsSeen;
import io.caravan.plan.Mode;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.Reason;
import io.caravan.plan.SecretReferences;
import io.caravan.plan.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * Plans the pipelines of a cluster. Beyond what the planner decides: a pipeline of which something
 * cannot be known goes on as it was planned last, and so does one whose kind is paused, even if it
 * is deleted meanwhile: that takes effect when the kind is not paused any more.
 */
public final class ClusterPlanner {
  private static final String GENERATED = "ConfigurationGenerated";

  private final List<ReadPipeline> pipelines;
  private final Overrides overrides;
  private final OptionalInt maxPipelines;
  private final PlanMemo memo;
  private final Map<PipelineId, PipelinePlan> last = new HashMap<>();

  /**
   * @param last what was planned last
   * @param maxPipelines how many of a kind may be in effect; all where empty
   * @param memo of what was planned before; the same one each time
   */
  public ClusterPlanner(
      List<ReadPipeline> pipelines,
      Overrides overrides,
      Plan last,
      OptionalInt maxPipelines,
      PlanMemo memo) {
    this.memo = memo;
    this.maxPipelines = maxPipelines;
    this.pipelines = List.copyOf(pipelines);
    this.overrides = overrides;
    last.pipelines().forEach(each -> this.last.put(each.id(), each));
  }

  /** The Secrets that {@link #plan} wants to know of. */
  public List<SecretKeyRef> secrets() {
    return valid().stream().flatMap(each -> SecretReferences.of(each).stream()).distinct().toList();
  }

  private List<Pipeline> valid() {
    List<Pipeline> valid = new ArrayList<>();
    for (ReadPipeline each : pipelines) {
      if (each instanceof ReadPipeline.Valid(var _, var _, Pipeline pipeline)) {
        valid.add(pipeline);
      }
    }
    return valid;
  }

  /** All pipelines that there are, sorted. */
  public Plan plan(
      SecretsSeen secrets,
      Optional<Telemetry> telemetry,
      List<KameletSource> kamelets,
      Instant now) {
    Plan planned =
        memo.plan(
            new Snapshot(
                valid(), telemetry, secrets.secrets(), kamelets, Mode.CLUSTER, now, maxPipelines));
    Map<PipelineId, PipelinePlan> byId = new HashMap<>();
    planned.pipelines().forEach(each -> byId.put(each.id(), each));
    List<PipelinePlan> all = new ArrayList<>(standing());
    for (ReadPipeline each : pipelines) {
      if (!isPaused(each.id())) {
        all.add(
            switch (each) {
              case ReadPipeline.Valid one -> known(one, byId, secrets.unread());
              case ReadPipeline.Invalid one ->
                  goesOn(one, Delivery.DEFAULT, Reason.SPECIFICATION_INVALID, one.why());
            });
      }
    }
    return new Plan(all.stream().sorted(Comparator.comparing(PipelinePlan::id)).toList());
  }

  private boolean isPaused(PipelineId id) {
    return overrides.paused().contains(id.kind());
  }

  /** What goes on of paused kinds; what was deleted before delivers its rest as it would. */
  private List<PipelinePlan> standing() {
    return last.values().stream()
        .filter(one -> isPaused(one.id()) && one.deletedAt().isEmpty())
        .toList();
  }

  private PipelinePlan known(
      ReadPipeline.Valid one,
      Map<PipelineId, PipelinePlan> planned,
      SortedMap<SecretName, String> unread) {
    for (SecretKeyRef reference : SecretReferences.of(one.pipeline())) {
      SecretName name = new SecretName(reference.namespace(), reference.name());
      String why = unread.get(name);
      if (why != null) {
        return goesOn(
            one,
            one.pipeline().delivery(),
            Reason.VALIDATION_FAILED,
            "Pipeline validation failed due to an error from the Kubernetes API server: Secret '%s' of Namespace '%s' cannot be read (%s)"
                .formatted(name.name(), name.namespace(), why));
      }
    }
    PipelinePlan plan = planned.get(one.id());
    if (plan == null) {
      throw new IllegalStateException("the planner has left out " + one.id());
    }
    return plan;
  }

  /** As it was, with a condition that says why nothing newer is taken. */
  private PipelinePlan goesOn(ReadPipeline one, Delivery delivery, Reason reason, String message) {
    PipelinePlan before = last.get(one.id());
    return new PipelinePlan(
        one.id(),
        new Condition(
            GENERATED,
            Condition.Status.FALSE,
            reason.toString(),
            message
                + (before == null || before.routes().isEmpty()
                    ? ""
                    : "; the last version goes on")),
        before == null ? List.of() : before.notices(), // they belong to what goes on
        before == null ? delivery : before.delivery(),
        Optional.ofNullable(one.resource().getMetadata().getDeletionTimestamp())
            .map(Instant::parse),
        before == null ? Optional.empty() : before.routes());
  }
}
