/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests of control clients, whatever way they come: {@code {"ok":true,"result":...}} or
 * {@code {"ok":false,"error":"a sentence"}}. Thread-safe.
 */
final class ControlRequests {
  private static final Logger log = LoggerFactory.getLogger(ControlRequests.class);

  private final JsonMapper json = new JsonMapper();
  private final Map<String, ControlCommand> commands;

  /**
   * @param commands by name; an exception's message goes to the client
   */
  ControlRequests(Map<String, ControlCommand> commands) {
    this.commands = Map.copyOf(commands);
  }

  /** A request that is read from bytes; empty bytes are one without arguments. */
  JsonNode read(byte[] request) throws IOException {
    return request.length == 0 ? json.createObjectNode() : json.readTree(request);
  }

  ObjectNode answer(String command, JsonNode request) {
    ControlCommand asked = commands.get(command);
    if (asked == null) {
      return refusal(
          "unknown command '%s'; known: %s"
              .formatted(command, String.join(", ", new TreeSet<>(commands.keySet()))));
    }
    try {
      return json.createObjectNode().put("ok", true).set("result", asked.answer(request));
    } catch (ControlRefusedException e) {
      return refusal(String.valueOf(e.getMessage()));
    } catch (Exception e) {
      log.atWarn().setCause(e).log("A command of a control client failed");
      return refusal(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  ObjectNode refusal(String error) {
    return json.createObjectNode().put("ok", false).put("error", error);
  }

  byte[] bytes(ObjectNode answer) throws IOException {
    return (json.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
