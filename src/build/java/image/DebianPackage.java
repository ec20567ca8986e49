/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A package of Debian or Ubuntu that is installed on the machine that builds. Its files go into an
 * image only as the package brought them: each is compared with the package's own digests.
 *
 * @param name with the architecture where the package has one, such as {@code libc6:amd64}
 * @param status what dpkg says of it, in the form of its database
 * @param digests MD5 of each file, by its path without the leading slash
 */
record DebianPackage(String name, String status, Map<String, String> digests) {
  private static final Pattern DIGEST = Pattern.compile("(?m)^([0-9a-f]{32})  (.+)$");
  private static final Pattern VERSION = Pattern.compile("(?m)^Version: (.+)$");

  static DebianPackage named(String name) throws IOException, InterruptedException {
    Map<String, String> digests = new HashMap<>();
    Matcher matcher =
        DIGEST.matcher(Commands.run(List.of("dpkg-query", "--control-show", name, "md5sums")));
    while (matcher.find()) {
      HexFormat.of().parseHex(matcher.group(1));
      digests.put(matcher.group(2), matcher.group(1));
    }
    return new DebianPackage(
        name, Commands.run(List.of("dpkg-query", "--status", name)), Map.copyOf(digests));
  }

  /** The package that a file is of. */
  static DebianPackage of(Path file) throws IOException, InterruptedException {
    for (Path path : names(file)) {
      try {
        String found = Commands.run(List.of("dpkg-query", "--search", path.toString()));
        return named(found.lines().findFirst().orElseThrow().split(": ")[0]);
      } catch (IOException e) {
        continue; // the other name is tried, and then it is said
      }
    }
    throw new IOException(
        file + " is of no Debian package, so nothing says what it is; it cannot go into an image");
  }

  /** A file's name, and what it was before /lib and /usr/lib became one. */
  private static List<Path> names(Path file) throws IOException {
    Path real = file.toRealPath();
    return real.startsWith("/usr")
        ? List.of(real, Path.of("/").resolve(Path.of("/usr").relativize(real)))
        : List.of(real);
  }

  /** The file itself, if it is as the package brought it. */
  Path check(Path file) throws IOException {
    Optional<String> expected =
        names(file).stream()
            .map(path -> digests.get(Path.of("/").relativize(path).toString()))
            .flatMap(Stream::ofNullable)
            .findFirst();
    if (!expected.equals(Optional.of(Digests.md5(file)))) {
      throw new IOException(
          "%s is not as the package %s brought it; install that again".formatted(file, name));
    }
    return file;
  }

  /** Its name without the architecture. */
  String shortName() {
    return name.split(":")[0];
  }

  String version() {
    Matcher version = VERSION.matcher(status);
    return version.find() ? version.group(1) : "unknown";
  }

  /** Its licence: what Debian's policy has every package bring. */
  Path copyright() throws IOException {
    Path file = Path.of("/usr/share/doc", shortName(), "copyright");
    if (!Files.exists(file)) {
      throw new IOException("the package %s has no licence in %s".formatted(name, file));
    }
    return file;
  }
}
