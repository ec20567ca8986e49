/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.node.PipelineState;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.plan.shard.Unread;
import io.caravan.standalone.DataPlane;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What an instance answers to {@code /plan}, which the manager asks.
 *
 * <p>{@code {"format":1, "instance":"telemetry-otlp-gateway-x", "node":"worker-1",
 * "pipelines":[{"pipeline":"tracepipeline/demo", "kind", "name", "uid", "planned":"0123456789ab",
 * "running":"0123456789ab", "loadError":"...", "deletedAt":"...", "remainder":{"until", "records",
 * "bytes"}}], "undelivered":{"bytes":812, "folders":1}, "unread":[{"entry":"tracepipeline.demo",
 * "pipeline":"tracepipeline/demo", "why":"..."}]}}. What there is nothing of is left out. A
 * pipeline has taken a change when {@code running} is the digest that its shard has. {@code
 * undelivered} is what is left on the disk: bytes in the instance's own journal, of whatever
 * pipeline, and folders of other instances. No values, and no data.
 */
public final class PlanReport {
  private static final int FORMAT = 1;

  private final String instance;
  private final String node;
  private final PlanFollower follower;
  private final DataPlane plane;
  private final Supplier<Undelivered> undelivered;

  /**
   * What is left on a disk.
   *
   * @param bytes that wait in the instance's own journal
   * @param folders of other instances beside its own, in which something may wait
   */
  public record Undelivered(long bytes, int folders) {}

  /**
   * @param instance the name of the Pod
   * @param node the name of the Node; empty if nobody said
   * @param undelivered is asked at each report
   */
  public PlanReport(
      String instance,
      String node,
      PlanFollower follower,
      DataPlane plane,
      Supplier<Undelivered> undelivered) {
    this.instance = instance;
    this.node = node;
    this.follower = follower;
    this.plane = plane;
    this.undelivered = undelivered;
  }

  /** This moment's. Any thread. */
  public String json() {
    return of(follower.plan(), follower.unread(), plane.states(), plane.remainders()).toString();
  }

  private ObjectNode of(
      Plan plan,
      List<Unread> unread,
      List<PipelineState> states,
      SortedMap<PipelineId, Remainder> remainders) {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    report.put("instance", instance);
    if (!node.isEmpty()) {
      report.put("node", node);
    }
    Map<PipelineId, PipelineState> byId = new TreeMap<>();
    states.forEach(state -> byId.put(state.id(), state));
    ArrayNode pipelines = report.putArray("pipelines");
    for (PipelinePlan each : plan.pipelines()) {
      ObjectNode node = pipelines.addObject();
      describe(node, each);
      PipelineState state = byId.get(each.id());
      if (state != null && state.runningDigest() != null) {
        node.put("running", state.runningDigest());
      }
      if (state != null && state.loadError() != null) {
        node.put("loadError", state.loadError());
      }
      Remainder remainder = remainders.get(each.id());
      if (remainder != null) {
        node.putObject("remainder")
            .put("until", remainder.until().toString())
            .put("records", remainder.records())
            .put("bytes", remainder.bytes());
      }
    }
    Undelivered left = undelivered.get();
    report.putObject("undelivered").put("bytes", left.bytes()).put("folders", left.folders());
    ArrayNode entries = report.putArray("unread");
    for (Unread each : unread) {
      ObjectNode entry = entries.addObject().put("entry", each.key()).put("why", each.why());
      each.pipeline().ifPresent(id -> entry.put("pipeline", id.toString()));
    }
    return report;
  }

  private static void describe(ObjectNode node, PipelinePlan pipeline) {
    node.put("pipeline", pipeline.id().toString());
    node.put("kind", pipeline.id().kind().kind()).put("name", pipeline.id().name());
    if (!pipeline.id().uid().isEmpty()) {
      node.put("uid", pipeline.id().uid());
    }
    pipeline.routes().map(PipelineRoutes::digest).ifPresent(text -> node.put("planned", text));
    pipeline.deletedAt().ifPresent(at -> node.put("deletedAt", at.toString()));
  }
}
