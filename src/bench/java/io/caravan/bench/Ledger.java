/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.IOException;

/** Keeps account of what one system was trusted with, from its start to its end. */
final class Ledger {

  private final Workload workload;
  private final SystemUnderTest system;
  private final Helpers helpers;
  private long requests;
  private long bytes;
  private SinkReport received = new SinkReport(0, 0, 0, 0);

  Ledger(Workload workload, SystemUnderTest system, Helpers helpers) {
    this.workload = workload;
    this.system = system;
    this.helpers = helpers;
  }

  /** Takes what the generator has counted into account, and lets it count anew. */
  void note() throws IOException {
    LoadReport sent = helpers.takeSent();
    requests += sent.accepted();
    bytes += sent.acceptedBytes();
  }

  /** Stops the load and waits until what was acknowledged has come out at the other end. */
  void settle() throws IOException, InterruptedException {
    helpers.stop();
    note();
    received = helpers.await(expectedRecords());
  }

  private long expectedRecords() {
    return requests
        * (system.workOn(workload) == Work.FILTER ? workload.keptRecords() : workload.records());
  }

  Balance balance() {
    return new Balance(
        workload.toString(),
        system.title(),
        system.workOn(workload),
        expectedRecords(),
        received.records(),
        requests,
        bytes,
        received.bytes());
  }
}
