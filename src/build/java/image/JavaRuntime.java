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
import java.util.TreeSet;

/**
 * The Java runtime of the image: the modules that the program needs, linked by the JDK that builds.
 */
final class JavaRuntime {
  /** What nothing names that jdeps looks at. */
  private static final List<String> MORE =
      List.of(
          "java.management", // figures of the JVM
          "jdk.crypto.ec", // elliptic curves, where they are no part of java.base
          "jdk.jcmd", // to look into a process where there is no shell
          "jdk.net", // options of sockets
          "jdk.zipfs");

  /** Of java.desktop the program needs Java Beans; these draw, print and play. */
  private static final List<String> LEFT_OUT =
      List.of(
          "**/libawt*.so",
          "**/libjawt.so",
          "**/libfontmanager.so",
          "**/libfreetype.so",
          "**/libjavajpeg.so",
          "**/libjsound.so",
          "**/liblcms.so",
          "**/libmlib_image.so",
          "**/libsplashscreen.so",
          "**/psfont*");

  /** The programs of the runtime that the image has; nothing in it starts another. */
  private static final List<String> PROGRAMS = List.of("java", "jcmd");

  private JavaRuntime() {}

  /** Links it into a folder that is not there yet. */
  static void link(Path jar, Path libraries, Path folder) throws IOException, InterruptedException {
    Path jdk = Path.of(System.getProperty("java.home"));
    if (!Files.isExecutable(jdk.resolve("bin/jlink"))) {
      throw new IOException(jdk + " has no jlink: a whole JDK is needed");
    }
    List<String> jdeps =
        new ArrayList<>(
            List.of(
                jdk.resolve("bin/jdeps").toString(),
                "--multi-release=" + Runtime.version().feature(),
                "--ignore-missing-deps",
                "--print-module-deps",
                "--class-path=" + libraries + "/*",
                jar.toString()));
    try (var files = Files.list(libraries)) {
      files.sorted().map(Path::toString).forEach(jdeps::add);
    }
    String found = Commands.run(jdeps).lines().reduce((first, last) -> last).orElseThrow();
    TreeSet<String> modules = new TreeSet<>(List.of(found.split(",")));
    modules.addAll(MORE);
    Commands.run(
        List.of(
            jdk.resolve("bin/jlink").toString(),
            "--add-modules=" + String.join(",", modules),
            "--no-header-files",
            "--no-man-pages",
            "--dedup-legal-notices=error-if-not-same-content",
            "--exclude-files=" + String.join(",", LEFT_OUT),
            "--output=" + folder));
    for (Path program : list(folder.resolve("bin"))) {
      if (!PROGRAMS.contains(program.getFileName().toString())) {
        Files.delete(program);
      }
    }
    Files.deleteIfExists(folder.resolve("lib/jexec"));
    Files.deleteIfExists(folder.resolve("lib/jspawnhelper"));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
