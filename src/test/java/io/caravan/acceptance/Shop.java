/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.logging.Logger;

/**
 * A small application that knows little of telemetry: it serves orders over HTTP, writes a log
 * record for each and counts them. The Java agent does the rest.
 */
public final class Shop {
  /** How many orders it places with itself before it ends. */
  static final int ORDERS = 50;

  private static final Logger LOG = Logger.getLogger("shop");

  private Shop() {}

  public static void main(String[] args) throws Exception {
    // What the console would show ends up in the middle of what the agent tells.
    LOG.setUseParentHandlers(false);
    LongCounter orders =
        GlobalOpenTelemetry.getMeter("shop")
            .counterBuilder("shop.orders")
            .setUnit("{order}")
            .build();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/orders",
        exchange -> {
          LOG.info("order " + exchange.getRequestURI().getQuery());
          orders.add(1, Attributes.of(AttributeKey.stringKey("till"), "one"));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < ORDERS; i++) {
        URI order =
            URI.create("http://127.0.0.1:%d/orders?%d".formatted(server.getAddress().getPort(), i));
        client.send(HttpRequest.newBuilder(order).build(), BodyHandlers.discarding());
      }
    }
    server.stop(0);
  }
}
