/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that passes when a test says so, on the test's thread. */
final class VirtualTime implements Timer {
  static final long START = 1_700_000_000_000L;

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nanos;
  private long scheduled;

  private static final class Task implements Comparable<Task> {
    private final long at;
    private final long number;
    private final Runnable work;

    Task(long at, long number, Runnable work) {
      this.at = at;
      this.number = number;
      this.work = work;
    }

    @Override
    public int compareTo(Task other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public long epochMillis() {
    return START + nanos / 1_000_000;
  }

  @Override
  public Scheduled schedule(Runnable task, Duration after) {
    Task scheduledTask = new Task(nanos + after.toNanos(), scheduled++, task);
    tasks.add(scheduledTask);
    return () -> tasks.remove(scheduledTask);
  }

  Duration sinceStart() {
    return Duration.ofNanos(nanos);
  }

  /** What is due meanwhile happens, in order, each at its time. */
  void pass(Duration duration) {
    long until = nanos + duration.toNanos();
    Task next = tasks.peek();
    while (next != null && next.at <= until) {
      tasks.remove();
      nanos = next.at;
      next.work.run();
      next = tasks.peek();
    }
    nanos = until;
  }

  /** How many tasks wait for their time. */
  int scheduledTasks() {
    return tasks.size();
  }
}
