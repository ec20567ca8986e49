/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Something that receives OTLP on one port and forwards it to another. */
sealed interface SystemUnderTest permits Forwarder, Collector, CaravanServer {

  /** Its name on the command line and in the table. */
  String title();

  /** Whether it can be given a workload. */
  boolean takes(Workload workload);

  /** What it does to the workload's records: a forwarder passes them on whatever is asked. */
  Work workOn(Workload workload);

  /** Whether it runs in a JVM, which can be asked for what it has allocated. */
  boolean runsInJvm();

  /**
   * Starts it and returns when it listens.
   *
   * @param target the port of the sink on 127.0.0.1
   * @param folder an empty folder for its files
   */
  Server start(Workload workload, int target, Path folder) throws IOException, InterruptedException;
}
