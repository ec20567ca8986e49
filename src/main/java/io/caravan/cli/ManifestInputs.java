/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import io.caravan.plan.Plan;
import io.caravan.standalone.FolderPlan;
import io.caravan.standalone.ShippedKamelets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that look at manifests and run nothing are given. */
final class ManifestInputs {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description =
          "Pipelines with the Secrets and Kamelets that they use; of folders *.yaml, *.yml and *.json, without sub-folders.")
  private List<Path> paths = List.of();

  @Option(
      names = "--kamelets",
      paramLabel = "DIR",
      description =
          "Another folder with Kamelets, as for 'caravan run'. Default: none. Environment: CARAVAN_KAMELETS (one folder).")
  private List<Path> kamelets = List.of();

  /**
   * Reads them all.
   *
   * @throws CommandFailure as wrong usage, if one is not there
   */
  Manifests read() throws CommandFailure {
    List<Path> all = new ArrayList<>(paths);
    all.addAll(kamelets);
    InputPaths.requireExisting(all);
    return ManifestReader.read(all);
  }

  /** What would run of them here. */
  static Plan plan(Manifests manifests) throws IOException {
    return FolderPlan.of(manifests, ShippedKamelets.read(), Clock.systemUTC().instant());
  }

  /** The files and folders, for a message. */
  @Override
  public String toString() {
    return InputPaths.join(paths);
  }
}
