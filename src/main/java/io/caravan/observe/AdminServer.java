/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers probes and scrapers over HTTP: {@code /healthz} while the process lives, {@code /readyz}
 * once it can do its work, {@code /metrics} for Prometheus.
 *
 * <p>It is the JDK's own server, on platform threads of its own, one a connection while it is
 * answered: neither a stalled client nor a busy process holds what a probe needs. Virtual threads
 * would share their few carriers with whatever else blocks or spins on one. Decision record 0007
 * says why it is not Camel's server.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  /** More than Prometheus, the kubelet and a person at once; the rest is turned away. */
  private static final int CONNECTIONS = 64;

  private static final String SECONDS = "10";
  private static final String KNOWN = "/healthz /readyz /metrics\n";

  private final HttpServer server;
  private final ExecutorService executor;

  private AdminServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Listens from now on.
   *
   * @param address port 0 for any free port
   * @throws java.net.BindException if the port is taken or not allowed
   */
  public static AdminServer start(InetSocketAddress address, Readiness readiness, Metrics metrics)
      throws IOException {
    // Read once, when the JDK's server is first used; whoever set them on the command line wins.
    limit("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS));
    limit("sun.net.httpserver.maxReqTime", SECONDS);
    limit("sun.net.httpserver.maxRspTime", SECONDS);
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService executor =
        new ThreadPoolExecutor(
            0,
            CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("admin-", 0).factory());
    server.setExecutor(executor);
    server.createContext("/healthz", get("/healthz", exchange -> answer(exchange, 200, "alive\n")));
    server.createContext("/readyz", get("/readyz", exchange -> ready(exchange, readiness)));
    server.createContext("/metrics", get("/metrics", exchange -> scrape(exchange, metrics)));
    server.createContext("/", exchange -> answer(exchange, 404, KNOWN));
    server.start();
    return new AdminServer(server, executor);
  }

  /**
   * Answers a path with JSON, for whoever shows one of a file's tokens ({@code Authorization:
   * Bearer}). The file, a token a line, is read again at each request.
   */
  public void protect(String path, Path tokens, Supplier<String> json) {
    BearerTokens known = new BearerTokens(tokens);
    server.createContext(
        path,
        get(
            path,
            exchange -> {
              try (exchange) {
                if (known.accept(exchange)) {
                  exchange.getResponseHeaders().set("Content-Type", "application/json");
                  answer(exchange, 200, json.get());
                }
              }
            }));
  }

  /**
   * Answers {@code POST /control/<command>} for whoever shows one of a file's tokens: the same
   * commands, arguments and answers as at a {@link ControlSocket}, whose request's field {@code
   * command} is here the end of the path. A request that the process refuses has status 400.
   */
  public void control(Path tokens, Map<String, ControlCommand> commands) {
    server.createContext(
        ControlHandler.PREFIX, new ControlHandler(commands, new BearerTokens(tokens)));
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
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

  /** Contexts match by prefix; {@code /healthzzz} is nothing that we know. */
  private static HttpHandler get(String path, HttpHandler handler) {
    return exchange -> {
      String method = exchange.getRequestMethod();
      if (!exchange.getRequestURI().getPath().equals(path)) {
        answer(exchange, 404, KNOWN);
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, 405, "GET or HEAD\n");
      } else {
        handler.handle(exchange);
      }
    };
  }

  private static void ready(HttpExchange exchange, Readiness readiness) throws IOException {
    List<String> missing = readiness.missing();
    if (missing.isEmpty()) {
      answer(exchange, 200, "ready\n");
    } else {
      answer(exchange, 503, "not ready: " + String.join(", ", missing) + "\n");
    }
  }

  private static void scrape(HttpExchange exchange, Metrics metrics) throws IOException {
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    Metrics.Page page;
    try {
      page = metrics.page(accept == null ? "" : accept);
    } catch (RuntimeException e) {
      // Else the JDK's server hangs up without a word, and nobody learns why.
      log.atWarn().setCause(e).log("The metrics cannot be read");
      answer(exchange, 500, "the metrics cannot be read: " + e + "\n");
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", page.contentType());
    answer(exchange, 200, page.text());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("text/plain; charset=utf-8"));
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      }
      exchange.sendResponseHeaders(status, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
