/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The process of {@link JournalBenchmark} that holds the journal: {@code <work> <journal> <folder>
 * <spans a request> <seconds>}. Its result is the last line that it prints.
 */
final class JournalWork {

  private static final int READERS = 3;
  private static final int WARM_UP_SECONDS = 3;
  private static final long BACKLOG = 1 << 30;

  private final String name;
  private final Path folder;
  private final int spans;
  private final int seconds;
  private final JournalRequests requests;

  private JournalWork(String name, Path folder, int spans, int seconds) throws IOException {
    this.name = name;
    this.folder = folder;
    this.spans = spans;
    this.seconds = seconds;
    byte[] body = SampleBodies.of(Signal.TRACES, spans).getFirst();
    requests = new JournalRequests(body, folder.resolveSibling(folder.getFileName() + ".durable"));
  }

  public static void main(String[] args) throws Exception {
    JournalWork work =
        new JournalWork(
            args[1], Path.of(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    switch (args[0]) {
      case "follow" -> work.follow();
      case "lag" -> work.lag();
      case "fill" -> work.fill();
      case "reopen" -> work.reopen();
      default -> throw new IllegalArgumentException(args[0]);
    }
    // Whatever threads a journal has left, and without the cost of an orderly end.
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Three readers that keep up. */
  private void follow() throws Exception {
    JournalTraffic traffic = traffic(READERS);
    traffic.startProducers();
    Thread.sleep(WARM_UP_SECONDS * 1000L);
    JournalUsage start = JournalUsage.now(folder);
    long before = traffic.appended();
    Thread.sleep(seconds * 1000L);
    long appended = traffic.appended() - before;
    JournalUsage used = JournalUsage.now(folder).since(start);
    double bytes = (double) appended * requests.bytes();
    print(
        "MB/s=%.0f cpu-s/M=%.3f alloc/request=%.0f written/byte=%.2f requests/flush=%.1f MiB=%d",
        bytes * 1e3 / used.nanos(),
        used.cpuSeconds() * 1e6 / ((double) appended * spans),
        (double) used.allocatedBytes() / appended,
        used.writtenBytes() / bytes,
        (double) appended / Math.max(1, used.flushes()),
        used.peakBytes() >> 20);
  }

  /** One reader stays away until it is a gibibyte behind, and then reads alone. */
  private void lag() throws Exception {
    JournalTraffic traffic = traffic(READERS - 1);
    JournalUsage start = JournalUsage.now(folder);
    traffic.startProducers();
    awaitBacklog(traffic);
    traffic.stopProducers();
    long appended = traffic.appended();
    JournalUsage wrote = JournalUsage.now(folder).since(start);
    while (traffic.read(0) < appended || traffic.read(1) < appended) {
      LockSupport.parkNanos(1_000_000);
    }
    JournalUsage behind = JournalUsage.now(folder);
    traffic.startReader(READERS - 1);
    while (traffic.read(READERS - 1) < appended) {
      LockSupport.parkNanos(1_000_000);
    }
    JournalUsage caughtUp = JournalUsage.now(folder).since(behind);
    double bytes = (double) appended * requests.bytes();
    print(
        "write-MB/s=%.0f read-MB/s=%.0f read-cpu-s/M=%.3f MiB=%d",
        bytes * 1e3 / wrote.nanos(),
        bytes * 1e3 / caughtUp.nanos(),
        caughtUp.cpuSeconds() * 1e6 / ((double) appended * spans),
        caughtUp.peakBytes() >> 20);
  }

  /** Appends, says when a gibibyte is durable, and goes on until it is killed. */
  private void fill() throws Exception {
    JournalTraffic traffic = traffic(0);
    traffic.startProducers();
    awaitBacklog(traffic);
    print("full");
    Thread.sleep(Long.MAX_VALUE);
  }

  /** What is left of a killed process: how soon it is there, and whether it is all there. */
  private void reopen() throws Exception {
    JournalUsage start = JournalUsage.now(folder);
    JournalUnderTest journal = JournalUnderTest.open(name, folder, READERS);
    JournalUnderTest.Reader reader = journal.reader(0);
    JournalUsage opened = JournalUsage.now(folder).since(start);
    JournalRequests.Check check = requests.everything();
    int records = 0;
    for (int some = reader.read(check::accept); some > 0; some = reader.read(check::accept)) {
      records += some;
    }
    JournalUsage read = JournalUsage.now(folder).since(start);
    print(
        "open-ms=%d open-cpu-s=%.2f read-MB/s=%.0f requests=%d missing=%d MiB=%d",
        opened.nanos() / 1_000_000,
        opened.cpuSeconds(),
        (double) records * requests.bytes() * 1e3 / (read.nanos() - opened.nanos()),
        records,
        check.missing(),
        read.peakBytes() >> 20);
  }

  private JournalTraffic traffic(int following) throws Exception {
    JournalUnderTest journal = JournalUnderTest.open(name, folder, READERS);
    JournalTraffic traffic = new JournalTraffic(journal, requests, READERS);
    for (int reader = 0; reader < following; reader++) {
      traffic.startReader(reader);
    }
    return traffic;
  }

  private void awaitBacklog(JournalTraffic traffic) {
    while (traffic.appended() * requests.bytes() < BACKLOG) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
    System.out.flush();
  }
}
