/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The start-up cache of the image (JEP 514), made by a training run with the image's own runtime,
 * jar and options. It is found again under another path, if the files' names and times are the
 * same.
 */
final class StartUpCache {
  private StartUpCache() {}

  /** Makes it; empty if this JVM makes none. */
  static Optional<Path> make(Home home, Path options, Path folder)
      throws IOException, InterruptedException {
    Path cache = folder.resolve("caravan.aot");
    Files.deleteIfExists(cache);
    List<String> command = new ArrayList<>();
    command.add(home.runtime().resolve("bin/java").toString());
    command.add("@" + options);
    command.add("-XX:AOTCacheOutput=" + cache);
    // The JVM starts another that writes the cache; the runtime has no helper for the usual way.
    command.add("-Djdk.lang.Process.launchMechanism=VFORK");
    command.addAll(List.of("-jar", home.jar().toString(), "training"));
    Commands.run(command);
    Files.deleteIfExists(folder.resolve("caravan.aot.config"));
    return Optional.of(cache).filter(Files::exists);
  }
}
