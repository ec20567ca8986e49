/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON of an entry, whose field {@code format} says what wrote it: {@code major.minor}. Fields
 * that are not known are left alone, so that a later minor version can add some; a later major one
 * means that they must be known.
 */
final class JsonEntry {
  private static final String FORMAT = "format";
  private static final int MAJOR = 1;
  private static final String WRITTEN = MAJOR + ".0";
  private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.\\d{1,6}");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonEntry() {}

  static ObjectNode create() {
    return JsonNodeFactory.instance.objectNode().put(FORMAT, WRITTEN);
  }

  /** Equal entries give equal text. */
  static String write(ObjectNode entry) {
    return entry.toString();
  }

  static JsonNode read(String text) throws UnreadableEntryException {
    JsonNode entry = readAnyFormat(text);
    String version = text(entry, FORMAT);
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      throw new UnreadableEntryException(
          "its format is '%s'; expected %s".formatted(version, WRITTEN));
    }
    if (Integer.parseInt(parts.group(1)) != MAJOR) {
      throw new UnreadableEntryException(
          "its format is %s, and this version of Caravan reads %d.x; give this process the version of the manager"
              .formatted(version, MAJOR));
    }
    return entry;
  }

  /** For what is to be known of an entry of any version. */
  static JsonNode readAnyFormat(String text) throws UnreadableEntryException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Neither its message nor its location: both may hold a part of a value.
      throw new UnreadableEntryException("it is no JSON");
    }
  }

  static String text(JsonNode node, String field) throws UnreadableEntryException {
    return find(node, field)
        .orElseThrow(
            () -> new UnreadableEntryException("its field '%s' is missing".formatted(field)));
  }

  /** Empty where there is none. */
  static Optional<String> find(JsonNode node, String field) throws UnreadableEntryException {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new UnreadableEntryException("its field '%s' is no text".formatted(field));
    }
    return Optional.of(value.textValue());
  }
}
