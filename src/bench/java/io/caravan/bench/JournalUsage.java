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
import java.util.Arrays;

/**
 * What this process, and the disk below its journal, have done since they began. The disk is asked
 * and not the process ({@code /proc/self/io}), which counts a large page of the cache as written
 * when one byte of it is; other processes' writes are counted with it.
 *
 * @param nanos when this was looked at, on the JVM's clock
 * @param allocatedBytes of the heap
 * @param writtenBytes that reached the disk
 * @param flushes of the disk's cache: a sync costs one or two
 * @param peakBytes of memory that was resident, mapped files too
 */
record JournalUsage(
    long nanos,
    double cpuSeconds,
    long allocatedBytes,
    long writtenBytes,
    long flushes,
    long peakBytes) {

  // Documentation/admin-guide/iostats.rst of Linux, counted from 0.
  private static final int SECTORS_WRITTEN = 6;
  private static final int FLUSHES = 15;
  private static final long SECTOR_BYTES = 512;

  static JournalUsage now(Path folder) throws IOException {
    ProcessUsage process = ProcessUsage.of(ProcessHandle.current().pid());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] disk = disk(folder);
    return new JournalUsage(
        System.nanoTime(),
        process.cpuSeconds(),
        threads.getTotalThreadAllocatedBytes(),
        disk[SECTORS_WRITTEN] * SECTOR_BYTES,
        disk[FLUSHES],
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

  /** The numbers of the disk's line, which follow its two numbers and its name. */
  private static long[] disk(Path folder) throws IOException {
    String name = String.valueOf(Path.of(Files.getFileStore(folder).name()).getFileName());
    for (String line : Files.readAllLines(Path.of("/proc/diskstats"))) {
      String[] fields = line.strip().split(" +", -1);
      if (fields[2].equals(name) && fields.length > FLUSHES + 3) {
        return Arrays.stream(fields).skip(3).mapToLong(Long::parseLong).toArray();
      }
    }
    throw new IOException(
        "/proc/diskstats tells nothing of %s; choose a --folder on a disk".formatted(name));
  }
}
