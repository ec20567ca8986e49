/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Makes the image: {@code BuildImage CHECKOUT CACHE}.
 *
 * <p>CHECKOUT is the project's folder, whose {@code target} has {@code caravan.jar} and {@code lib}
 * and gets {@code caravan-VERSION-image.tar}; version and time are the jar's. CACHE is {@code true}
 * for an image with a start-up cache. Without one the same input makes the same bytes; the cache is
 * of a run, and a layer of its own.
 *
 * <p>Needs a JDK with jlink and a Debian or Ubuntu with {@code ca-certificates}; no root, no
 * Docker, no network.
 */
final class BuildImage {
  private static final String HOME = "opt/caravan";

  private BuildImage() {}

  public static void main(String[] args) throws Exception {
    Path checkout = Path.of(args[0]).toAbsolutePath();
    Path target = checkout.resolve("target");
    boolean cached = Boolean.parseBoolean(args[1]);
    if (!System.getProperty("os.name").equals("Linux")
        || !Files.isExecutable(Path.of("/usr/bin/dpkg-query"))) {
      fail("an image can be made on Debian and Ubuntu: its C library comes from their packages");
    }
    Path jar = target.resolve("caravan.jar");
    String version = version(jar);
    Instant time = time(jar);
    Path work = Files.createDirectories(target.resolve("image"));
    Home home = Home.make(work.resolve(HOME), jar, target.resolve("lib"));
    DebianPackage authorities = DebianPackage.named("ca-certificates");
    Files.write(home.runtime().resolve("lib/security/cacerts"), TrustStore.of(authorities));
    home.date(time);
    SystemFiles system = SystemFiles.of(home.runtime(), authorities);
    Path options = checkout.resolve("src/build/image/java.options");
    Optional<Path> cache = cached ? StartUpCache.make(home, options, work) : Optional.empty();

    List<Layer> layers = new ArrayList<>();
    layers.add(system.layer());
    layers.add(new Layer().tree(HOME + "/runtime", home.runtime()));
    layers.add(new Layer().tree(HOME + "/lib", home.libraries()));
    layers.add(
        new Layer()
            .file(HOME + "/caravan.jar", home.jar())
            .file(HOME + "/java.options", options(options, cache.isPresent()))
            .file(HOME + "/LICENSE", checkout.resolve("LICENSE"))
            .file(HOME + "/CONTENTS", contents(version, system, home)));
    if (cache.isPresent()) {
      layers.add(new Layer().file(HOME + "/caravan.aot", cache.get()));
    }
    List<PackedLayer> packed = new ArrayList<>();
    for (Layer layer : layers) {
      packed.add(layer.pack(time, work.resolve("layer-" + packed.size() + ".tar.gz")));
    }
    Path archive = target.resolve("caravan-%s-image.tar".formatted(version));
    new ImageArchive("localhost/caravan:" + version, time).write(archive, config(version), packed);
    System.out.println(archive);
  }

  private static String version(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  /** What the build gives every entry, in UTC; a jar's times have no zone. */
  private static Instant time(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getEntry("META-INF/MANIFEST.MF").getTimeLocal().toInstant(ZoneOffset.UTC);
    }
  }

  /** The image's argument file: our options, the cache, and the program. */
  private static String options(Path options, boolean cached) throws IOException {
    return Files.readString(options)
        + (cached ? "\n-XX:AOTCache=/" + HOME + "/caravan.aot\n" : "\n")
        + "-jar /"
        + HOME
        + "/caravan.jar\n";
  }

  private static String contents(String version, SystemFiles system, Home home) throws IOException {
    return """
    Caravan %s, Apache-2.0, /opt/caravan/LICENSE

    Java %s of %s, GPL-2.0 with Classpath Exception, /opt/caravan/runtime/legal

    Packages of the system with their licences:
    %s
    Libraries, each with its licence in META-INF:
    %s"""
        .formatted(
            version,
            System.getProperty("java.runtime.version"),
            System.getProperty("java.vendor"),
            system.list(),
            home.list());
  }

  /** Settings of malloc and the locale are as the script "caravan" has them. */
  private static String config(String version) {
    return """
    {"User":"10001:10001","WorkingDir":"/","ExposedPorts":{"4317/tcp":{},"4318/tcp":{},"8888/tcp":{}},\
    "Env":["PATH=/opt/caravan/runtime/bin","LC_ALL=C.UTF-8","MALLOC_ARENA_MAX=2","MALLOC_MMAP_THRESHOLD_=262144",\
    "MALLOC_TRIM_THRESHOLD_=1048576","CARAVAN_DATA=/var/lib/caravan","CARAVAN_BIND=0.0.0.0"],\
    "Entrypoint":["/opt/caravan/runtime/bin/java","@/opt/caravan/java.options"],"Cmd":["--help"],\
    "Labels":{"org.opencontainers.image.title":"Caravan","org.opencontainers.image.version":"%s",\
    "org.opencontainers.image.licenses":"Apache-2.0"}}"""
        .formatted(version);
  }

  private static void fail(String message) {
    System.err.println("The image: " + message);
    System.exit(1);
  }
}
