/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;

/**
 * Control commands over HTTP: {@code POST /control/<command>}, with the arguments as a JSON object
 * for a body, or none. The answer is what the control socket answers: {@code
 * {"ok":true,"result":...}} with 200, {@code {"ok":false,"error":"..."}} with 400 if the command is
 * refused or not known. Thread-safe.
 */
final class ControlHandler implements HttpHandler {
  static final String PREFIX = "/control/";

  private final ControlRequests requests;
  private final BearerTokens tokens;

  ControlHandler(Map<String, ControlCommand> commands, BearerTokens tokens) {
    this.requests = new ControlRequests(commands);
    this.tokens = tokens;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!tokens.accept(exchange)) {
        return;
      }
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().set("Allow", "POST");
        answer(exchange, 405, requests.refusal("POST is expected"));
        return;
      }
      byte[] body = exchange.getRequestBody().readNBytes(ControlSocket.LINE_BYTES + 1);
      if (body.length > ControlSocket.LINE_BYTES) {
        answer(exchange, 413, requests.refusal("the request has more than 64 KiB"));
        return;
      }
      ObjectNode answer = answer(exchange.getRequestURI().getPath(), body);
      answer(exchange, answer.path("ok").asBoolean() ? 200 : 400, answer);
    }
  }

  private ObjectNode answer(String path, byte[] body) {
    JsonNode request;
    try {
      request = requests.read(body);
    } catch (IOException e) {
      return requests.refusal("the body is no JSON object");
    }
    return requests.answer(path.substring(PREFIX.length()), request);
  }

  private void answer(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
    byte[] body = requests.bytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
