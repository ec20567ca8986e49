/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers an API server's webhooks over HTTPS, each review on a platform thread of its own: the
 * JDK's server, as decision record 0007 has it.
 */
public final class WebhookServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WebhookServer.class);

  /** More than the API servers of a cluster ask at once; the rest is turned away, and retried. */
  private static final int THREADS = 32;

  /** In bytes. A review holds an object twice, and an object has 1.5 MiB at most. */
  private static final int LONGEST = 8 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpsServer server;
  private final ExecutorService executor;

  private WebhookServer(HttpsServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Listens from now on.
   *
   * @param address port 0 for any free port
   * @param certificates asked at every handshake
   * @throws java.net.BindException if the port is taken or not allowed
   */
  public static WebhookServer start(InetSocketAddress address, ServingCertificates certificates)
      throws IOException {
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificates.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setSSLParameters(tls);
          }
        });
    ExecutorService executor =
        new ThreadPoolExecutor(
            0,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("webhook-", 0).factory());
    server.setExecutor(executor);
    Map<String, Function<JsonNode, ObjectNode>> webhooks = Webhooks.all();
    server.createContext("/", exchange -> handle(exchange, webhooks));
    server.start();
    return new WebhookServer(server, executor);
  }

  /** Answers what begins with this path too. */
  public void serve(String prefix, HttpHandler handler) {
    server.createContext(prefix, handler);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static void handle(
      HttpExchange exchange, Map<String, Function<JsonNode, ObjectNode>> webhooks)
      throws IOException {
    String path = exchange.getRequestURI().getPath();
    Function<JsonNode, ObjectNode> webhook = webhooks.get(path);
    if (webhook == null) {
      answer(exchange, 404, "text/plain", "there is no webhook here\n");
    } else if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      answer(exchange, 405, "text/plain", "POST\n");
    } else {
      byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
      if (body.length > LONGEST) {
        answer(exchange, 413, "text/plain", "at most %d bytes\n".formatted(LONGEST));
      } else {
        review(exchange, path, webhook, body);
      }
    }
  }

  private static void review(
      HttpExchange exchange, String path, Function<JsonNode, ObjectNode> webhook, byte[] body)
      throws IOException {
    try {
      String text = webhook.apply(JSON.readTree(body)).toString();
      answer(exchange, 200, "application/json", text);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      answer(exchange, 400, "text/plain", "no review: " + e.getMessage() + "\n");
    } catch (RuntimeException e) {
      // Else the JDK's server hangs up without a word, and nobody learns why.
      log.atError().addKeyValue("path", path).setCause(e).log("A review failed");
      answer(exchange, 500, "text/plain", "the review failed: " + e + "\n");
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
