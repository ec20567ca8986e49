/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.VMOption.Origin;
import java.lang.management.ManagementFactory;

/**
 * Divides a container's memory, as the script {@code caravan} divides CARAVAN_MEMORY. The JVM's own
 * options make the heap a share of the container's limit, but know no share for direct memory, and
 * the limit is known only where the process runs: it may be another at each start.
 */
final class ContainerMemory {
  /** Set to {@code container} in the image. */
  private static final String MODE = "caravan.memory";

  /** What Netty reads its bound from, when its first class is loaded. */
  private static final String NETTY = "io.netty.maxDirectMemory";

  private static final long MEBIBYTE = 1L << 20;

  /** Of the JVM itself: code, metaspace, threads. */
  private static final long OWN = 128 * MEBIBYTE;

  /** One arriving request and its way out; below it nothing could be received at all. */
  private static final long LEAST = 32 * MEBIBYTE;

  private ContainerMemory() {}

  /** Bounds direct memory where nobody else has; to be called before anything of Netty is. */
  static void divide() {
    if (!"container".equals(System.getProperty(MODE)) || System.getProperty(NETTY) != null) {
      return;
    }
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm.getVMOption("MaxDirectMemorySize").getOrigin() == Origin.DEFAULT) {
      long limit =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
      long heap = Long.parseLong(jvm.getVMOption("MaxHeapSize").getValue());
      System.setProperty(NETTY, Long.toString(direct(limit, heap)));
    }
  }

  /** Bytes of direct memory in a container with this limit and heap. */
  static long direct(long limit, long heap) {
    return Math.max(LEAST, limit - OWN - heap);
  }
}
