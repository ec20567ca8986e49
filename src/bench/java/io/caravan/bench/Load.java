/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the next request goes out and counts the answers. It belongs to the event loop of
 * the generator's connections; only {@link #call} and {@link #stop} may be called from elsewhere.
 */
// What is scheduled cannot fail but by a bug, which the event loop logs.
@SuppressWarnings("FutureReturnValueIgnored")
final class Load {

  /** What a client waits after a refusal; the Collector's clients wait longer. */
  private static final long PAUSE_AFTER_FAILURE_MS = 10;

  private final EventLoop loop;
  private final int spansPerBatch;
  private final Deque<Request> free = new ArrayDeque<>();
  private final Latencies latencies = new Latencies();
  private Mode mode = Mode.IDLE;
  private int generation;
  private long next;
  private long interval;
  private int requests;
  private int connections;
  private long acknowledged;
  private long failed;
  private String lastFailure = "-";

  private enum Mode {
    IDLE,
    SATURATED,
    FIXED_RATE
  }

  Load(EventLoop loop, int spansPerBatch) {
    this.loop = loop;
    this.spansPerBatch = spansPerBatch;
  }

  <T> T call(Callable<T> work) throws Exception {
    return loop.submit(work).get();
  }

  String use(List<Request> all, int overConnections) {
    free.forEach(Request::release);
    free.clear();
    free.addAll(all);
    requests = all.size();
    connections = overConnections;
    return "ready";
  }

  String saturate(int inFlightPerConnection) {
    mode = Mode.SATURATED;
    generation++;
    long now = System.nanoTime();
    for (int i = 0; i < inFlightPerConnection * connections; i++) {
      send(free.remove(), now);
    }
    return "started";
  }

  String rate(int spansPerSecond) {
    mode = Mode.FIXED_RATE;
    generation++;
    interval = 1_000_000_000L * spansPerBatch / spansPerSecond;
    next = System.nanoTime();
    tick(generation);
    return "started";
  }

  private void tick(int of) {
    if (of != generation) {
      return;
    }
    long now = System.nanoTime();
    // A request that finds none free stays due, so a server that falls behind is seen as slow.
    while (next <= now && !free.isEmpty()) {
      send(free.remove(), next);
      next += interval;
    }
    long wait = Math.max(next - now, 100_000);
    loop.schedule(() -> tick(of), wait, TimeUnit.NANOSECONDS);
  }

  private void send(Request request, long due) {
    request.due = due;
    request.connection.send(request);
  }

  void answered(Request request) {
    boolean ok = request.status.equals("0");
    if (ok) {
      acknowledged++;
      latencies.add(System.nanoTime() - request.due);
    } else {
      failed++;
      lastFailure = request.status;
    }
    if (mode != Mode.SATURATED) {
      free.add(request);
    } else if (ok) {
      send(request, System.nanoTime());
    } else {
      loop.schedule(() -> again(request), PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void again(Request request) {
    if (mode == Mode.SATURATED) {
      send(request, System.nanoTime());
    } else {
      free.add(request);
    }
  }

  /** Sends nothing more and returns when everything sent has been answered, or after a minute. */
  String stop() throws Exception {
    call(
        () -> {
          mode = Mode.IDLE;
          return ++generation;
        });
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (call(free::size) < requests) {
      if (System.nanoTime() > end) {
        return "error " + (requests - call(free::size)) + " requests were never answered";
      }
      Thread.sleep(20);
    }
    return "stopped";
  }

  /** Acknowledged and failed requests, median and 99th percentile in microseconds, last failure. */
  String report() {
    return acknowledged
        + " "
        + failed
        + " "
        + latencies.quantile(0.5) / 1000
        + " "
        + latencies.quantile(0.99) / 1000
        + " "
        + lastFailure;
  }

  String clear() {
    acknowledged = 0;
    failed = 0;
    lastFailure = "-";
    latencies.clear();
    return "cleared";
  }
}
