/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Linux program needs beside itself: the C library, user names, and folders to write to. The
 * libraries are those of the machine that builds, which has to be a Debian or Ubuntu; scanners find
 * the packages where distroless images have them.
 */
final class SystemFiles {
  private static final int USER = 10001;
  private static final Pattern LIBRARY =
      Pattern.compile("(?m)^\\s*(\\S+)(?: => (\\S.*?))?(?: \\(0x[0-9a-f]+\\))?$");

  /** What the C library opens by itself: for names of hosts, and where a thread is ended. */
  private static final List<String> OPENED =
      List.of("libgcc_s.so.1", "libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

  /** What makes gzip faster where it is installed. */
  private static final String ISAL = "libisal.so.2";

  private final Map<String, DebianPackage> packages = new TreeMap<>();
  private final Layer layer = new Layer();

  /** The layer for a Java runtime. */
  static SystemFiles of(Path runtime, DebianPackage authorities)
      throws IOException, InterruptedException {
    SystemFiles files = new SystemFiles();
    files.libraries(runtime);
    files.packages.put(authorities.shortName(), authorities);
    files.names();
    files.layer.file("etc/os-release", Path.of("/etc/os-release"));
    for (DebianPackage one : files.packages.values()) {
      files.layer.file("var/lib/dpkg/status.d/" + one.shortName(), one.status());
      files.layer.file("usr/share/doc/" + one.shortName() + "/copyright", one.copyright());
    }
    files.layer.folder("tmp", 0, 01777).folder("var/lib/caravan", USER, 0750);
    return files;
  }

  Layer layer() {
    return layer;
  }

  /** The packages, one a line, with their versions. */
  String list() {
    StringBuilder list = new StringBuilder();
    packages
        .values()
        .forEach(
            one ->
                list.append(
                    "%s %s /usr/share/doc/%s/copyright%n"
                        .formatted(one.name(), one.version(), one.shortName())));
    return list.toString();
  }

  private void libraries(Path runtime) throws IOException, InterruptedException {
    TreeSet<Path> libraries = new TreeSet<>();
    try (var walk = Files.walk(runtime)) {
      for (Path file : walk.filter(SystemFiles::isProgram).sorted().toList()) {
        Matcher line = LIBRARY.matcher(Commands.run(List.of("ldd", file.toString())));
        while (line.find()) {
          needed(line, runtime, file).ifPresent(libraries::add);
        }
      }
    }
    Path beside =
        libraries.stream()
            .filter(library -> library.endsWith("libc.so.6"))
            .findFirst()
            .orElseThrow(() -> new IOException("java needs no libc.so.6: not one for glibc?"));
    OPENED.stream().map(beside::resolveSibling).filter(Files::exists).forEach(libraries::add);
    Path isal = beside.toRealPath().resolveSibling(ISAL);
    if (Files.exists(isal)) {
      libraries.add(isal);
    } else {
      System.err.println("The image: gzip is slower without %s (libisal2)".formatted(isal));
    }
    for (Path library : libraries) {
      DebianPackage owner = DebianPackage.of(library);
      packages.putIfAbsent(owner.shortName(), owner);
      layer.file(library.toString().substring(1), owner.check(library));
    }
  }

  /** A library of the system, by the path that it is looked for under. */
  private static Optional<Path> needed(Matcher line, Path runtime, Path file) throws IOException {
    String name = line.group(1);
    String path = line.group(2) == null ? name : line.group(2);
    if (path.equals("not found")) {
      if (Files.exists(runtime.resolve("lib").resolve(name))
          || Files.exists(runtime.resolve("lib/server").resolve(name))) {
        return Optional.empty();
      }
      throw new IOException("%s needs %s, which is not on this machine".formatted(file, name));
    }
    return path.startsWith("/") && !Path.of(path).startsWith(runtime)
        ? Optional.of(Path.of(path))
        : Optional.empty();
  }

  private static boolean isProgram(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file) && (name.endsWith(".so") || file.getParent().endsWith("bin"));
  }

  private void names() {
    layer
        .file(
            "etc/passwd",
            """
            root:x:0:0:root:/root:/sbin/nologin
            caravan:x:%d:%d:Caravan:/var/lib/caravan:/sbin/nologin
            """
                .formatted(USER, USER))
        .file("etc/group", "root:x:0:\ncaravan:x:%d:\n".formatted(USER))
        .file("etc/nsswitch.conf", "hosts: files dns\n");
  }
}
