/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} can be told. */
final class RunOptions extends NodeOptions {

  @Parameters(
      paramLabel = "DIR",
      description =
          "Folder with the manifests: pipelines, Secrets and Kamelets in *.yaml, *.yml and *.json, without sub-folders. It is watched.")
  Path folder = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".caravan",
      description =
          "Folder of this process's own: its lock, the socket that 'caravan status' talks to, and what file-sink writes unless its pipeline says where. One process a folder. Default: ${DEFAULT-VALUE} in the working folder. Environment: CARAVAN_DATA.")
  Path data = Path.of("");

  @Option(
      names = "--kamelets",
      paramLabel = "DIR",
      description =
          "Another folder with Kamelets, watched too; may be given several times. One with the name of a shipped Kamelet replaces it. Default: none. Environment: CARAVAN_KAMELETS (one folder).")
  List<Path> kamelets = List.of();

  /** The folders that are followed. */
  List<Path> folders() {
    return Stream.concat(Stream.of(folder), kamelets.stream()).toList();
  }
}
