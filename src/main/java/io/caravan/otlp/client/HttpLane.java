/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an {@link HttpExporter} that lives on one event loop: its connections, each with one
 * request at a time, and the attempts that wait for one. Only on that loop.
 */
final class HttpLane {
  /** Connections of one exporter on one event loop. */
  private static final int MAX_CONNECTIONS = 32;

  private final EventLoop loop;
  private final Dialer dialer;
  private final ExporterSettings settings;
  private final HttpRequestHead head;
  private final Deadlines deadlines;
  private final Deque<Export> waiting = new ArrayDeque<>();
  // The most recently used first, so that the others fall idle and are closed.
  private final Deque<HttpClientConnection> idle = new ArrayDeque<>();
  private final List<HttpClientConnection> open = new ArrayList<>();
  private int dialing;
  private boolean closed;

  HttpLane(EventLoop loop, Dialer dialer, ExporterSettings settings, HttpRequestHead head) {
    this.loop = loop;
    this.dialer = dialer;
    this.settings = settings;
    this.head = head;
    this.deadlines = new Deadlines(loop, settings.endpoint(), settings.timeout());
  }

  EventLoop loop() {
    return loop;
  }

  Endpoint endpoint() {
    return dialer.endpoint();
  }

  void send(Export export) {
    if (closed) {
      export.complete(Outcomes.later(GrpcCode.UNAVAILABLE, "The exporter is closed."));
      return;
    }
    deadlines.add(export);
    HttpClientConnection free = takeIdle();
    if (free != null) {
      free.send(export);
    } else if (waiting.size() >= settings.maxPending()) {
      export.complete(
          Outcomes.later(
              GrpcCode.UNAVAILABLE, endpoint() + ": " + waiting.size() + " batches wait already."));
    } else {
      waiting.add(export);
      dialIfNeeded();
    }
  }

  private @Nullable HttpClientConnection takeIdle() {
    HttpClientConnection free = idle.poll();
    while (free != null && !free.usable()) {
      free = idle.poll();
    }
    return free;
  }

  private void dialIfNeeded() {
    if (dialing < waiting.size() && open.size() + dialing < MAX_CONNECTIONS) {
      dialing++;
      dialer.dial(
          loop,
          pipeline ->
              pipeline
                  .addLast(
                      new HttpResponseDecoder(new HttpDecoderConfig().setMaxChunkSize(64 << 10)))
                  .addLast(new HttpClientConnection(this, head, settings.compression())),
          this::unreachable);
    }
  }

  void opened(HttpClientConnection connection) {
    dialing--;
    if (closed) {
      connection.closeNow();
      return;
    }
    open.add(connection);
    free(connection);
  }

  /** The connection can take the next request. */
  void free(HttpClientConnection connection) {
    Export next = waiting.poll();
    while (next != null && next.done()) {
      next = waiting.poll();
    }
    if (next == null) {
      idle.push(connection);
    } else {
      connection.send(next);
    }
  }

  void gone(HttpClientConnection connection) {
    open.remove(connection);
    idle.remove(connection);
    if (!closed && !waiting.isEmpty()) {
      dialIfNeeded();
    }
  }

  /** A connection did not come about: those that wait for one get to know. */
  void unreachable(Throwable cause) {
    dialing--;
    if (open.isEmpty()) {
      failWaiting(cause);
    }
  }

  private void failWaiting(Throwable cause) {
    Deque<Export> failed = new ArrayDeque<>(waiting);
    waiting.clear();
    for (Export export : failed) {
      export.complete(Outcomes.ofFailure(endpoint(), cause));
    }
  }

  void close() {
    closed = true;
    List.copyOf(open).forEach(HttpClientConnection::closeNow);
    failWaiting(new IOException("the exporter is closed"));
  }
}
