/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.api.PipelineId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Reads what reports have in common. */
final class ReportJson {
  private static final int FORMAT = 1;
  private static final JsonMapper MAPPER = new JsonMapper();

  private ReportJson() {}

  static JsonNode read(byte[] json) throws UnreadableReportException {
    JsonNode report;
    try {
      report = MAPPER.readTree(json);
    } catch (IOException e) {
      // Without the parser's words, which would quote what was received.
      throw new UnreadableReportException("its report is not JSON");
    }
    int format = report.path("format").asInt();
    if (format > FORMAT) {
      throw new UnreadableReportException(
          "its report has format %d, and this manager reads %d: the pod runs a later version than the manager"
              .formatted(format, FORMAT));
    }
    if (format < 1) {
      throw new UnreadableReportException("its report has no format");
    }
    return report;
  }

  /** The pipeline that an element is about. */
  static PipelineId pipeline(JsonNode element) throws UnreadableReportException {
    String place = element.path("pipeline").asText();
    PipelineId id =
        PipelineId.ofPlace(place)
            .orElseThrow(
                () ->
                    new UnreadableReportException(
                        "its report names no pipeline where one belongs"));
    return text(element, "uid").map(uid -> new PipelineId(id.kind(), id.name(), uid)).orElse(id);
  }

  static Optional<String> text(JsonNode element, String field) {
    return Optional.ofNullable(element.get(field)).map(JsonNode::asText);
  }

  static Instant instant(JsonNode element, String field) throws UnreadableReportException {
    try {
      return Instant.parse(element.path(field).asText());
    } catch (DateTimeException _) {
      throw new UnreadableReportException("its report has no time in the field " + field);
    }
  }
}
