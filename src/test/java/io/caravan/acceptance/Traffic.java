/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Numbered requests of one signal, one after the other on each of a few connections, until it is
 * closed. Thread-safe.
 */
public final class Traffic implements AutoCloseable {
  private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong next = new AtomicLong();
  private final List<Thread> senders;
  private volatile boolean ended;

  /** Starts sending to the port with this many requests at a time. */
  public Traffic(OtlpMethod method, int port, int concurrency) {
    this(method, () -> new RawSender(port), Integer.MAX_VALUE, concurrency);
  }

  /** Starts sending with a new connection after each {@code each} requests. */
  public Traffic(OtlpMethod method, Supplier<RawSender> connect, int each, int concurrency) {
    senders =
        Stream.generate(() -> Thread.ofVirtual().unstarted(() -> send(method, connect, each)))
            .limit(concurrency)
            .toList();
    senders.forEach(Thread::start);
  }

  private void send(OtlpMethod method, Supplier<RawSender> connect, int each) {
    while (!ended) {
      send(method, connect.get(), each);
    }
  }

  private void send(OtlpMethod method, RawSender connected, int requests) {
    try (RawSender sender = connected) {
      for (int i = 0; i < requests && !ended; i++) {
        long number = next.incrementAndGet();
        Status status = sender.send(method, NumberedRequests.request(method, number)).join();
        if (status.isOk()) {
          acknowledged.add(number);
        } else {
          failures.add("request " + number + ": " + status);
        }
      }
    }
  }

  /** The numbers that were answered with OK so far. */
  public List<Long> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** What was answered otherwise so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends the sending and waits for the last answers. */
  public void finish() {
    ended = true;
    for (Thread sender : senders) {
      try {
        sender.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    finish();
  }
}
