/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
  private final int recordsOfRequest;
  private final Deque<Request> free = new ArrayDeque<>();
  private final Latencies latencies = new Latencies();
  private final Map<Answer, Long> answers = new EnumMap<>(Answer.class);
  private Mode mode = Mode.IDLE;
  private int generation;
  private long next;
  private long interval;
  private int requests;
  private long acceptedBytes;
  private long unsent;
  private String lastFailure = "-";

  private enum Mode {
    IDLE,
    SATURATED,
    /** What is due is sent late rather than never. */
    FIXED_RATE,
    /** What cannot be sent when it is due is not sent. */
    OFFERED
  }

  Load(EventLoop loop, int recordsOfRequest) {
    this.loop = loop;
    this.recordsOfRequest = recordsOfRequest;
  }

  <T> T call(Callable<T> work) throws Exception {
    return loop.submit(work).get();
  }

  String use(List<Request> all) {
    free.forEach(Request::release);
    free.clear();
    free.addAll(all);
    requests = all.size();
    return "ready";
  }

  String saturate(int inFlight) {
    mode = Mode.SATURATED;
    generation++;
    long now = System.nanoTime();
    for (int i = Math.min(inFlight, requests); i > 0; i--) {
      send(free.remove(), now);
    }
    return "started";
  }

  String rate(int recordsPerSecond) {
    return spaced(Mode.FIXED_RATE, recordsPerSecond);
  }

  String offer(int recordsPerSecond) {
    return spaced(Mode.OFFERED, recordsPerSecond);
  }

  private String spaced(Mode as, int recordsPerSecond) {
    mode = as;
    generation++;
    interval = 1_000_000_000L * recordsOfRequest / recordsPerSecond;
    next = System.nanoTime();
    tick(generation);
    return "started";
  }

  private void tick(int of) {
    if (of != generation) {
      return;
    }
    long now = System.nanoTime();
    while (next <= now && (mode == Mode.OFFERED || !free.isEmpty())) {
      if (free.isEmpty()) {
        unsent++;
      } else {
        send(free.remove(), next);
      }
      next += interval;
    }
    long wait = Math.max(next - now, 100_000);
    loop.schedule(() -> tick(of), wait, TimeUnit.NANOSECONDS);
  }

  private static void send(Request request, long due) {
    request.due = due;
    request.send();
  }

  void answered(Request request) {
    answers.merge(request.answer, 1L, Long::sum);
    boolean accepted = request.answer == Answer.ACCEPTED;
    if (accepted) {
      acceptedBytes += request.contentBytes;
      latencies.add(System.nanoTime() - request.due);
    } else {
      lastFailure = request.status;
    }
    if (mode != Mode.SATURATED) {
      free.add(request);
    } else if (accepted) {
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

  LoadReport report() {
    return new LoadReport(
        answers.getOrDefault(Answer.ACCEPTED, 0L),
        acceptedBytes,
        answers.getOrDefault(Answer.REFUSED_FOR_NOW, 0L),
        answers.getOrDefault(Answer.REFUSED, 0L),
        answers.getOrDefault(Answer.NONE, 0L),
        unsent,
        latencies.quantile(0.5) / 1000,
        latencies.quantile(0.99) / 1000,
        lastFailure);
  }

  /** Returns the report and forgets what it says. */
  LoadReport take() {
    LoadReport report = report();
    clear();
    return report;
  }

  String clear() {
    answers.clear();
    acceptedBytes = 0;
    unsent = 0;
    lastFailure = "-";
    latencies.clear();
    return "cleared";
  }
}
