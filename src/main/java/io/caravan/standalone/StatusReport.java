/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.manifest.Finding;
import java.util.Collection;
import java.util.List;

/**
 * What the control socket answers to {@code status}.
 *
 * <p>{@code {"pipelines":[{"pipeline":"tracepipeline/demo", "kind", "name", "healthy":true,
 * "running":"0123456789ab", "planned":"0123456789ab", "delivers":"console-sink",
 * "condition":{"type", "status", "reason", "message"}, "loadError":"...", "notices":[...]}],
 * "findings":[{"severity", "location", "path", "message"}]}}. {@code running}, {@code planned} and
 * {@code loadError} are left out where there is none.
 */
final class StatusReport {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StatusReport() {}

  static ObjectNode of(Collection<Standing> pipelines, List<Finding> findings) {
    ObjectNode report = JSON.objectNode();
    ArrayNode array = report.putArray("pipelines");
    pipelines.forEach(pipeline -> array.add(pipeline(pipeline)));
    ArrayNode found = report.putArray("findings");
    findings.forEach(finding -> found.add(finding(finding)));
    return report;
  }

  private static ObjectNode pipeline(Standing standing) {
    ObjectNode node = JSON.objectNode();
    node.put("pipeline", standing.id().toString());
    node.put("kind", standing.id().kind().kind());
    node.put("name", standing.id().name());
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

  private static ObjectNode finding(Finding finding) {
    return JSON.objectNode()
        .put("severity", finding.severity().name())
        .put("location", finding.location().toString())
        .put("path", finding.path())
        .put("message", finding.message());
  }
}
