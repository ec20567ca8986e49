/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link GrpcExporter} that lives on one event loop: its connection, and the attempts
 * that wait for one. Only on that loop.
 */
final class GrpcLane {
  private final EventLoop loop;
  private final Dialer dialer;
  private final ExporterSettings settings;
  private final GrpcRequest request;
  private final Deadlines deadlines;
  private final Deque<Export> waiting = new ArrayDeque<>();
  private @Nullable GrpcClientConnection connection;
  private boolean dialing;
  private boolean closed;

  GrpcLane(EventLoop loop, Dialer dialer, ExporterSettings settings) {
    this.loop = loop;
    this.dialer = dialer;
    this.settings = settings;
    this.request = new GrpcRequest(settings);
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
    enqueue(export);
  }

  private void enqueue(Export export) {
    GrpcClientConnection ready = connection;
    if (ready != null && waiting.isEmpty() && ready.hasRoom()) {
      ready.send(export);
    } else if (waiting.size() >= settings.maxPending()) {
      export.complete(
          Outcomes.later(
              GrpcCode.UNAVAILABLE, endpoint() + ": " + waiting.size() + " batches wait already."));
    } else {
      waiting.add(export);
      dialIfNeeded();
    }
  }

  private void dialIfNeeded() {
    if (connection == null && !dialing && !closed) {
      dialing = true;
      dialer.dial(
          loop,
          pipeline -> pipeline.addLast(GrpcClientConnection.create(this, request)),
          this::unreachable);
    }
  }

  /** The connection has the backend's settings. */
  void ready(GrpcClientConnection opened) {
    dialing = false;
    if (closed) {
      opened.closeNow();
      return;
    }
    connection = opened;
    proceed();
  }

  /** Streams have become free. */
  void proceed() {
    GrpcClientConnection ready = connection;
    while (ready != null && ready == connection && ready.hasRoom()) {
      Export next = waiting.poll();
      if (next == null) {
        return;
      }
      if (!next.done()) {
        ready.send(next);
      }
    }
  }

  /** The backend has answered GOAWAY: what is in flight stays there, the rest goes elsewhere. */
  void leave(GrpcClientConnection leaving) {
    if (connection == leaving) {
      connection = null;
      if (!waiting.isEmpty()) {
        dialIfNeeded();
      }
    }
  }

  /** An attempt that the backend says it has not seen: sending it again is still the first time. */
  void again(Export export) {
    if (!export.done()) {
      enqueue(export);
    }
  }

  /** No connection came about. */
  void unreachable(Throwable cause) {
    dialing = false;
    // Those that come while the outcomes are told dial anew.
    Deque<Export> failed = new ArrayDeque<>(waiting);
    waiting.clear();
    for (Export export : failed) {
      export.complete(Outcomes.ofFailure(endpoint(), cause));
    }
  }

  void close() {
    closed = true;
    GrpcClientConnection open = connection;
    connection = null;
    if (open != null) {
      open.closeNow();
    }
    unreachable(new java.io.IOException("the exporter is closed"));
  }
}
