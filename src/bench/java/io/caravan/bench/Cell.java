/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.List;

/**
 * A part of the table: some systems under one workload.
 *
 * @param loads in the order in which each system gets them; the first also warms it up
 */
record Cell(Workload workload, List<OfferedLoad> loads, List<SystemUnderTest> systems) {

  Cell {
    systems = systems.stream().filter(system -> system.takes(workload)).toList();
  }
}
