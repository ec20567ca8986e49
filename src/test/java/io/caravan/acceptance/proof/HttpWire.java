/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** OTLP/HTTP of traces in protobuf, plain or gzip, on the JDK's server. */
final class HttpWire implements Wire {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  HttpWire(Handler handler) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/v1/traces", call -> handler.handle(body(call), answer -> end(call, answer)));
    server.start();
  }

  private static byte[] body(HttpExchange call) throws IOException {
    boolean gzip = "gzip".equals(call.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream body =
        gzip ? new GZIPInputStream(call.getRequestBody()) : call.getRequestBody()) {
      return body.readAllBytes();
    }
  }

  private static void end(HttpExchange call, Reply.Answer answer) {
    try (call) {
      call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      answer
          .retryAfter()
          .map(Duration::toSeconds)
          .ifPresent(delay -> call.getResponseHeaders().set("Retry-After", delay.toString()));
      call.sendResponseHeaders(httpStatus(answer.code()), -1);
    } catch (IOException e) {
      // Who asked has gone, as clients do; what was taken stays taken.
      return;
    }
  }

  private static int httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case UNAVAILABLE -> 503;
      case RESOURCE_EXHAUSTED -> 429;
      case INVALID_ARGUMENT -> 400;
      default -> 500;
    };
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
