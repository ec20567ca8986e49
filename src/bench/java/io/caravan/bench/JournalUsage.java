/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process has used since it began.
 *
 * @param nanos when this was looked at, on the JVM's clock
 * @param allocatedBytes of the heap
 * @param writtenBytes handed to the disk, or dirtied in a mapped file, as {@code /proc/self/io}
 *     counts
 * @param flushes of the disk's cache by the whole machine, as {@code /proc/diskstats} counts; group
 *     commits show here as fewer flushes than requests
 */
record JournalUsage(
    long nanos,
    double cpuSeconds,
    long allocatedBytes,
    long writtenBytes,
    long flushes,
    long peakBytes) {

  static JournalUsage now() throws IOException {
    ProcessUsage process = ProcessUsage.of(ProcessHandle.current().pid());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return new JournalUsage(
        System.nanoTime(),
        process.cpuSeconds(),
        threads.getTotalThreadAllocatedBytes(),
        readWrittenBytes(),
        readFlushes(),
        process.peakBytes());
  }

  JournalUsage since(JournalUsage start) {
    return new JournalUsage(
        nanos - start.nanos,
        cpuSeconds - start.cpuSeconds,
        allocatedBytes - start.allocatedBytes,
        writtenBytes - start.writtenBytes,
        flushes - start.flushes,
        peakBytes);
  }

  private static long readWrittenBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      if (line.startsWith("write_bytes: ")) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
      }
    }
    throw new IOException("/proc/self/io does not tell write_bytes");
  }

  /** Of all disks; the field is the 18th (Documentation/admin-guide/iostats.rst of Linux). */
  private static long readFlushes() throws IOException {
    long sum = 0;
    for (String line : Files.readAllLines(Path.of("/proc/diskstats"))) {
      String[] fields = line.strip().split(" +", -1);
      sum += fields.length > 18 ? Long.parseLong(fields[18]) : 0;
    }
    return sum;
  }
}
