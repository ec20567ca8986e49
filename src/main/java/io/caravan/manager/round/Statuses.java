/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Condition;
import io.caravan.manager.status.StatusCondition;
import io.caravan.manager.status.TelemetryStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Statuses as resources have them. */
public final class Statuses {
  private Statuses() {}

  /** The conditions that a resource has; one that nobody can read is not there. */
  public static List<StatusCondition> conditions(JsonNode status) {
    List<StatusCondition> conditions = new ArrayList<>();
    for (JsonNode each : status.path("conditions")) {
      condition(each).ifPresent(conditions::add);
    }
    return conditions;
  }

  private static Optional<StatusCondition> condition(JsonNode node) {
    Optional<Condition.Status> status =
        Arrays.stream(Condition.Status.values())
            .filter(one -> one.toString().equals(node.path("status").asText()))
            .findFirst();
    try {
      Instant since = Instant.parse(node.path("lastTransitionTime").asText());
      return status.map(
          one ->
              new StatusCondition(
                  new Condition(
                      node.path("type").asText(),
                      one,
                      node.path("reason").asText(),
                      node.path("message").asText()),
                  node.path("observedGeneration").asLong(),
                  since));
    } catch (DateTimeParseException _) {
      return Optional.empty(); // somebody else has written it: it is as if it had just come about
    }
  }

  /** The status of a pipeline. */
  public static ObjectNode ofPipeline(List<StatusCondition> conditions) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.set("conditions", json(conditions));
    return status;
  }

  /**
   * The status of the Telemetry resource.
   *
   * @param gateway the namespace in which OTLP is taken; empty where it is not
   */
  public static ObjectNode ofTelemetry(
      TelemetryStatus telemetry, List<StatusCondition> conditions, Optional<String> gateway) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.set("conditions", json(conditions));
    status.put("state", telemetry.state().toString());
    gateway.ifPresent(
        namespace -> {
          ObjectNode endpoints = status.putObject("endpoints");
          endpoint(endpoints, "otlp", "telemetry-otlp", namespace);
          for (String signal : List.of("logs", "metrics", "traces")) {
            endpoint(endpoints, signal, "telemetry-otlp-" + signal, namespace);
          }
        });
    return status;
  }

  private static void endpoint(
      ObjectNode endpoints, String name, String service, String namespace) {
    endpoints
        .putObject(name)
        .put("grpc", "http://%s.%s:4317".formatted(service, namespace))
        .put("http", "http://%s.%s:4318".formatted(service, namespace));
  }

  /** Conditions as a status has them. */
  public static ArrayNode json(List<StatusCondition> conditions) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (StatusCondition each : conditions) {
      list.addObject()
          .put("type", each.condition().type())
          .put("status", each.condition().status().toString())
          .put("observedGeneration", each.observedGeneration())
          .put("lastTransitionTime", each.lastTransitionTime().toString())
          .put("reason", each.condition().reason())
          .put("message", each.condition().message());
    }
    return list;
  }
}
