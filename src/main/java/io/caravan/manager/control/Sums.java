/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Adds the answer of one pod to that of others: numbers are summed, elements of arrays that are
 * about the same are added to each other, of times the oldest stays, and of a pipeline that is well
 * here and not there what is told is the latter.
 */
final class Sums {
  private static final String HEALTHY = "healthy";

  /** Of these times the earliest says most. */
  private static final Set<String> EARLIEST = Set.of("oldest", "since", "deletedAt");

  private static final String LATEST = "deliversUntil";

  /** What counts is whether anything is wrong. */
  private static final String ACCOUNTED = "accounted";

  private Sums() {}

  /** Adds {@code more} to {@code sum}, which takes over parts of it. */
  static void add(ObjectNode sum, ObjectNode more) {
    boolean worse = sum.path(HEALTHY).asBoolean() && !more.path(HEALTHY).asBoolean(true);
    for (Map.Entry<String, JsonNode> each : more.properties()) {
      String name = each.getKey();
      JsonNode there = sum.path(name);
      JsonNode here = each.getValue();
      if (there.isMissingNode() || there.isNull()) {
        sum.set(name, here);
      } else if (name.equals(ACCOUNTED)) {
        if (here.path("status").asText().equals("False")) {
          sum.set(name, here);
        }
      } else if (there instanceof ObjectNode object && here instanceof ObjectNode other) {
        if (worse && !hasNumbers(other)) {
          sum.set(name, other);
        } else {
          add(object, other);
        }
      } else if (there instanceof ArrayNode array && here instanceof ArrayNode others) {
        others.forEach(one -> add(array, one));
      } else if (there.isIntegralNumber() && here.isIntegralNumber()) {
        sum.set(name, LongNode.valueOf(there.asLong() + here.asLong()));
      } else if (worse || isSaid(name, there, here)) {
        sum.set(name, here);
      }
    }
  }

  private static boolean hasNumbers(ObjectNode object) {
    return object.properties().stream()
        .map(Map.Entry::getValue)
        .anyMatch(one -> one.isNumber() || one.isObject());
  }

  private static boolean isSaid(String name, JsonNode there, JsonNode here) {
    if (EARLIEST.contains(name)) {
      return here.isTextual() && here.asText().compareTo(there.asText()) < 0;
    }
    return name.equals(LATEST) && here.asText().compareTo(there.asText()) > 0;
  }

  private static void add(ArrayNode array, JsonNode one) {
    for (JsonNode each : array) {
      if (each instanceof ObjectNode object
          && one instanceof ObjectNode other
          && key(object).equals(key(other))) {
        add(object, other);
        return;
      }
      if (each.equals(one)) {
        return;
      }
    }
    array.add(one);
  }

  /** What an element is about. */
  private static String key(ObjectNode element) {
    if (element.has("pipeline")) {
      return element.path("pipeline").asText() + " " + element.path("uid").asText();
    }
    StringBuilder key = new StringBuilder();
    element
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                key.append(field.getKey()).append(' ').append(field.getValue()).append(' ');
              }
            });
    return key.toString();
  }
}
