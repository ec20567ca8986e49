/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.caravan.manager.probe.AskedPod;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.ControlAccess;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /control/<command>} at the manager: the commands, arguments and answers of one
 * process, for all pods of the gateway, whose answers are put together. {@code result.pods} says
 * which pods were asked, and of which something is missing. Thread-safe.
 */
public final class ControlEndpoint implements HttpHandler, AutoCloseable {
  /** With what all paths begin. */
  public static final String PREFIX = "/control/";

  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final JsonMapper JSON = new JsonMapper();

  /** In bytes, as at a control socket. */
  private static final int LONGEST = 64 * 1024;

  private final KubernetesClient client;
  private final String namespace;
  private final Callers callers;
  private final PodCommands pods;
  private final FanOut fanOut;

  private ControlEndpoint(KubernetesClient client, String namespace, PodCommands pods) {
    this.client = client;
    this.namespace = namespace;
    this.callers = new Callers(client, namespace);
    this.pods = pods;
    this.fanOut = new FanOut(pods::give);
  }

  /**
   * Answers from now on.
   *
   * @param token that pods expect
   */
  public static ControlEndpoint open(
      KubernetesClient client, String namespace, Supplier<String> token) {
    return new ControlEndpoint(client, namespace, new PodCommands(token));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String command = exchange.getRequestURI().getPath().substring(PREFIX.length());
    try (exchange) {
      answer(exchange, command);
    }
  }

  private void answer(HttpExchange exchange, String command) throws IOException {
    try {
      String token = exchange.getRequestHeaders().getFirst(ControlAccess.HEADER);
      switch (callers.mayGive(token == null ? "" : token, command)) {
        case UNKNOWN ->
            answer(exchange, 401, refusal("a token for this manager is expected in the header"));
        case FORBIDDEN ->
            answer(exchange, 403, refusal("the token is not good for '%s'".formatted(command)));
        case ALLOWED -> allowed(exchange, command);
      }
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("command", command).setCause(e).log("A command failed");
      answer(exchange, 500, refusal("the manager cannot do it: " + e.getMessage()));
    }
  }

  private void allowed(HttpExchange exchange, String command) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      answer(exchange, 405, refusal("POST is expected"));
    } else if (body.length > LONGEST) {
      answer(exchange, 413, refusal("the request has more than 64 KiB"));
    } else if (read(body) instanceof ObjectNode arguments) {
      answered(exchange, command, arguments);
    } else {
      answer(exchange, 400, refusal("the body is no JSON object"));
    }
  }

  private static JsonNode read(byte[] body) {
    try {
      return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    } catch (IOException _) {
      return JSON.missingNode();
    }
  }

  private void answered(HttpExchange exchange, String command, ObjectNode arguments)
      throws IOException {
    try {
      ObjectNode answer = JSON.createObjectNode().put("ok", true);
      answer.set("result", fanOut.ask(asked(), command, arguments));
      answer(exchange, 200, answer);
    } catch (RefusedException e) {
      answer(exchange, 400, refusal(String.valueOf(e.getMessage())));
    }
  }

  private List<FanOut.Target> asked() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", Component.GATEWAY.objectName())
        .list()
        .getItems()
        .stream()
        .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
        .map(ControlEndpoint::target)
        .toList();
  }

  private static FanOut.Target target(Pod pod) {
    return new FanOut.Target(pod.getMetadata().getName(), AskedPod.of(pod));
  }

  private static ObjectNode refusal(String why) {
    return JsonNodeFactory.instance.objectNode().put("ok", false).put("error", why);
  }

  private static void answer(HttpExchange exchange, int status, ObjectNode answer)
      throws IOException {
    byte[] body = (answer + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    pods.close();
  }
}
