/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Says in a line what the numbers were measured on. */
final class Machine {

  private Machine() {}

  static String describe() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    long total = 0;
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        total = Long.parseLong(line.replaceAll("[^0-9]", "")) >> 20;
      }
    }
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %d GiB, Linux %s, Java %s",
        model,
        Runtime.getRuntime().availableProcessors(),
        total,
        System.getProperty("os.version"),
        System.getProperty("java.vm.version"));
  }
}
