/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a process has used since it began, as {@code /proc} tells it (proc(5)).
 *
 * @param cpuSeconds user and system time of all its threads, ended ones too
 * @param wakeUps voluntary context switches of its living threads: each is a wait that ended
 * @param peakBytes the most memory that was resident since the peak was last forgotten
 */
record ProcessUsage(double cpuSeconds, long wakeUps, long peakBytes) {

  /** Linux tells user space in hundredths of a second, whatever its own tick is. */
  private static final double TICKS_PER_SECOND = 100;

  static ProcessUsage of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    String stat = Files.readString(proc.resolve("stat"));
    // The command stands in brackets and may hold blanks; the state, field 3, follows it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    return new ProcessUsage(
        cpu, wakeUps(proc.resolve("task")), field(proc.resolve("status"), "VmHWM:") * 1024);
  }

  /** Makes the kernel forget the process's peak, so that the next one is that of a window. */
  static void forgetPeak(long pid) throws IOException {
    Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
  }

  static long residentBytes(long pid) throws IOException {
    return field(Path.of("/proc", Long.toString(pid), "status"), "VmRSS:") * 1024;
  }

  private static long wakeUps(Path tasks) throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        sum += wakeUpsOf(thread);
      }
    }
    return sum;
  }

  private static long wakeUpsOf(Path thread) throws IOException {
    try {
      return field(thread.resolve("status"), "voluntary_ctxt_switches:");
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }

  private static long field(Path status, String name) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
      }
    }
    throw new IOException(status + " has no " + name);
  }
}
