/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.otlp.MalformedOtlpException;
import java.io.IOException;
import java.util.List;

/**
 * Writes a metric as one line for each of its data points, each a whole OTLP metric with that point
 * alone. Goes through a tree of the one metric, since its name, its data and its points lie at
 * three levels. Not thread-safe.
 */
final class MetricLines {
  private static final List<String> DATA =
      List.of("gauge", "sum", "histogram", "exponentialHistogram", "summary");
  private static final String POINTS = "dataPoints";
  private static final ObjectMapper MAPPER = new ObjectMapper(OtlpJson.OWN);

  private final JsonGenerator json;
  private final RenderedMember renderer;

  MetricLines(JsonGenerator json, RenderedMember renderer) {
    this.json = json;
    this.renderer = renderer;
  }

  void write(
      MessageType type, int start, int end, SerializedString resource, SerializedString scope)
      throws IOException, MalformedOtlpException {
    JsonNode metric = MAPPER.readTree(renderer.render(type, start, end));
    for (String name : DATA) {
      if (metric.get(name) instanceof ObjectNode data
          && data.get(POINTS) instanceof ArrayNode points) {
        for (JsonNode point : points) {
          data.set(POINTS, MAPPER.createArrayNode().add(point));
          json.writeStartObject();
          for (var member : metric.properties()) {
            json.writeFieldName(member.getKey());
            MAPPER.writeTree(json, member.getValue());
          }
          JsonLines.end(json, resource, scope);
        }
      }
    }
  }
}
