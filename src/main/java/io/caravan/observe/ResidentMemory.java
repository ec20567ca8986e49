/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code process_resident_memory_bytes}: what the operating system counts, heap and all else. Where
 * there is no {@code /proc} there is no such gauge.
 */
final class ResidentMemory implements MeterBinder {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmRSS:";

  @Override
  public void bindTo(MeterRegistry registry) {
    if (Files.isReadable(STATUS)) {
      Gauge.builder("process.resident.memory", ResidentMemory::bytes)
          .baseUnit("bytes")
          .description("Resident memory of the process")
          .register(registry);
    }
  }

  private static double bytes() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .map(line -> line.substring(FIELD.length()).replace("kB", "").strip())
          .mapToDouble(kilobytes -> Double.parseDouble(kilobytes) * 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN; // Prometheus' word for a value that cannot be had now
    }
  }
}
