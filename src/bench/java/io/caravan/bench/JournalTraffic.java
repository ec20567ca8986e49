/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Producers that append a request and wait until it is durable before the next, and readers that
 * follow, all in this process. A failure of any ends the process.
 */
final class JournalTraffic {

  private static final long POLL_NANOS = 1_000_000;

  private final JournalUnderTest journal;
  private final JournalRequests requests;
  private final List<Thread> producers = new ArrayList<>();
  private final AtomicLong appended = new AtomicLong();
  private final AtomicLongArray read;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Producers wait while a reader that follows is further behind; in bytes. */
  private static final long LEEWAY = 256 << 20;

  private volatile boolean producing = true;

  JournalTraffic(JournalUnderTest journal, JournalRequests requests, int readers) {
    this.journal = journal;
    this.requests = requests;
    read = new AtomicLongArray(readers);
  }

  /** Begins to append; the readers that were started first bound the producers. */
  void startProducers() {
    for (int i = 0; i < JournalRequests.PRODUCERS; i++) {
      int producer = i;
      producers.add(start("producer-" + i, () -> produce(producer)));
    }
  }

  void startReader(int number) throws Exception {
    JournalUnderTest.Reader reader = journal.reader(number);
    JournalRequests.Check check = requests.order();
    start("reader-" + number, () -> follow(number, reader, check));
  }

  void stopProducers() throws InterruptedException {
    producing = false;
    for (Thread producer : producers) {
      producer.join();
    }
  }

  void stopReaders() {
    ended.countDown();
  }

  long appended() {
    return appended.get();
  }

  long read(int reader) {
    return read.get(reader);
  }

  private void produce(int producer) throws Exception {
    for (long number = 1; producing; number++) {
      journal.append(requests.request(producer, number)).get();
      requests.durable(producer, number);
      appended.incrementAndGet();
      while (producing && behind() > LEEWAY) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Of the readers that have begun. */
  private long behind() {
    long most = 0;
    for (int reader = 0; reader < read.length(); reader++) {
      long records = read.get(reader);
      most = Math.max(most, records == 0 ? 0 : appended.get() - records);
    }
    return most * requests.bytes();
  }

  private void follow(int number, JournalUnderTest.Reader reader, JournalRequests.Check check)
      throws Exception {
    while (ended.getCount() > 0) {
      int records = reader.read(check::accept);
      read.addAndGet(number, records);
      if (records == 0) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** What a thread does. */
  @FunctionalInterface
  private interface Task {
    void run() throws Exception;
  }

  private static Thread start(String name, Task task) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } catch (Exception | Error e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
            });
  }
}
