/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Finding;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import java.util.Collection;
import java.util.List;

/**
 * What a process answers to {@code status}.
 *
 * <p>{@code {"pipelines":[{"pipeline":"tracepipeline/demo", "kind", "name", "healthy":true,
 * "running":"0123456789ab", "planned":"0123456789ab", "delivers":"console-sink",
 * "condition":{"type", "status", "reason", "message"}, "loadError":"...", "notices":[...]}],
 * "deleted":[{"pipeline", "kind", "name", "deletedAt", "deliversUntil", "delivers", "records",
 * "bytes", "trouble"}], "findings":[{"severity", "location", "path", "message"}]}}. {@code
 * running}, {@code planned}, {@code loadError}, {@code trouble} and, with both kinds of pipeline,
 * {@code uid} are left out where there is none.
 */
public final class StatusReport {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StatusReport() {}

  /** Of what a data plane makes of a plan, without findings. */
  public static ObjectNode of(Plan plan, DataPlane plane) {
    return of(
        Standing.of(plan, plane.states()).values(),
        Leftover.of(plan, plane.remainders(), plane.states()),
        List.of());
  }

  static ObjectNode of(
      Collection<Standing> pipelines, List<Leftover> deleted, List<Finding> findings) {
    ObjectNode report = JSON.objectNode();
    ArrayNode array = report.putArray("pipelines");
    pipelines.forEach(pipeline -> array.add(pipeline(pipeline)));
    ArrayNode leaving = report.putArray("deleted");
    deleted.forEach(leftover -> leaving.add(leftover(leftover)));
    ArrayNode found = report.putArray("findings");
    findings.forEach(finding -> found.add(finding(finding)));
    return report;
  }

  private static ObjectNode pipeline(Standing standing) {
    ObjectNode node = named(standing.id());
    node.put("healthy", standing.healthy());
    standing.runs().ifPresent(digest -> node.put("running", digest));
    standing.planned().ifPresent(digest -> node.put("planned", digest));
    node.put("delivers", standing.delivers());
    node.putObject("condition")
        .put("type", standing.condition().type())
        .put("status", standing.condition().status().toString())
        .put("reason", standing.condition().reason())
        .put("message", standing.condition().message());
    standing.loadError().ifPresent(error -> node.put("loadError", error));
    ArrayNode notices = node.putArray("notices");
    standing.notices().forEach(notices::add);
    return node;
  }

  private static ObjectNode named(PipelineId id) {
    ObjectNode node = JSON.objectNode();
    node.put("pipeline", id.toString());
    node.put("kind", id.kind().kind());
    node.put("name", id.name());
    if (!id.uid().isEmpty()) {
      node.put("uid", id.uid());
    }
    return node;
  }

  private static ObjectNode leftover(Leftover leftover) {
    PipelinePlan plan = leftover.plan();
    ObjectNode node = named(plan.id());
    plan.deletedAt().ifPresent(at -> node.put("deletedAt", at.toString()));
    node.put("deliversUntil", leftover.remainder().until().toString());
    node.put("delivers", leftover.delivers());
    node.put("records", leftover.remainder().records());
    node.put("bytes", leftover.remainder().bytes());
    leftover.trouble().ifPresent(why -> node.put("trouble", why));
    return node;
  }

  private static ObjectNode finding(Finding finding) {
    return JSON.objectNode()
        .put("severity", finding.severity().name())
        .put("location", finding.location().toString())
        .put("path", finding.path())
        .put("message", finding.message());
  }
}
