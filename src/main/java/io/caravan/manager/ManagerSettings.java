/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.KameletSource;
import io.caravan.manager.workload.Installation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What a manager is told.
 *
 * @param installation what it installs, and where
 * @param identity who it is among several: the name of its Pod
 * @param maxPipelines how many pipelines of a kind may be in effect; all where empty
 * @param shipped the connectors of the program
 * @param troubleshooting the address of the page that messages point to
 * @param logLevel sets the level of this process's own log: to one that the overrides name, in any
 *     spelling, or back to what it was started with
 */
public record ManagerSettings(
    Installation installation,
    String identity,
    OptionalInt maxPipelines,
    List<KameletSource> shipped,
    String troubleshooting,
    Consumer<Optional<String>> logLevel) {

  /** The predecessor's, so that of the two one acts at a time. */
  public static final String LEASE = "cdd7ef0b.kyma-project.io";

  public ManagerSettings {
    shipped = List.copyOf(shipped);
  }

  /** Where everything namespaced is. */
  public String namespace() {
    return installation.namespace();
  }
}
