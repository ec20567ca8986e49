/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the whole machine has used since it began, in CPU-seconds: how much of it was not the
 * benchmark's tells how far a window can be trusted.
 *
 * @param busySeconds user and system time of everything
 * @param stolenSeconds time that the hypervisor gave to others
 */
record MachineUsage(double busySeconds, double stolenSeconds) {

  static MachineUsage now() throws IOException {
    String[] fields =
        Files.readString(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split(" +", -1);
    double ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      ticks += Long.parseLong(fields[field]);
    }
    return new MachineUsage(ticks / 100, Long.parseLong(fields[8]) / 100.0);
  }
}
