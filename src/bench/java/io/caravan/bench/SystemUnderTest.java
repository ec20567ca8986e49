/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Something that receives OTLP/gRPC on one port and forwards it to another. */
sealed interface SystemUnderTest permits Forwarder, Collector, CaravanServer {

  /** Its name on the command line and in the table. */
  String title();

  /**
   * Starts it and returns when it listens.
   *
   * @param target the port of the sink on 127.0.0.1
   * @param folder an empty folder for its files
   */
  Server start(int target, Path folder) throws IOException, InterruptedException;
}
