/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Fuzzes with every test whose name ends in FuzzTest, each in a process of its own, as Jazzer wants
 * it, two at a time.
 *
 * <p>What a fuzzer learns is kept in {@code target/fuzz}, and it goes on from there the next time.
 * An input that breaks a test is written to {@code src/test/resources}, where it stays a test.
 */
public final class Fuzzers {
  private static final int AT_A_TIME = 2;
  private static final int SHORT = 30;
  private static final Path FOLDER = Path.of("target", "fuzz");

  private Fuzzers() {}

  /** The arguments: seconds for each, and the names of the classes; all without a name. */
  public static void main(String[] args) throws Exception {
    Duration time = Duration.ofSeconds(Long.parseLong(args[0]));
    List<String> wanted = List.of(args).subList(1, args.length);
    List<Callable<Boolean>> runs =
        targets()
            .filter(name -> wanted.isEmpty() || wanted.contains(simple(name)))
            .map(name -> (Callable<Boolean>) () -> fuzz(name, time))
            .toList();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no fuzzer is named so: " + wanted);
    }
    boolean sound = true;
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (Future<Boolean> run : pool.invokeAll(runs)) {
        sound &= run.get();
      }
    }
    if (!sound) {
      System.exit(1);
    }
  }

  private static Stream<String> targets() throws Exception {
    Path root = Path.of(Fuzzers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString().replace(File.separatorChar, '.'))
          .filter(name -> name.endsWith("FuzzTest.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static boolean fuzz(String target, Duration time)
      throws IOException, InterruptedException {
    String name = simple(target);
    Path corpus = Files.createDirectories(FOLDER.resolve(name));
    Path log = FOLDER.resolve(name + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // In a short run the better compiler would take more than it gives.
                "-XX:TieredStopAtLevel=" + (time.toSeconds() < SHORT ? 1 : 4),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+EnableDynamicAgentLoading",
                // Netty's own would hide what is not given back until much later.
                "-Dio.netty.leakDetection.level=disabled",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                corpus.toString(),
                "--target_class=" + target,
                "--instrumentation_includes=io.caravan.otlp.**",
                "--instrumentation_excludes=io.caravan.otlp.fuzz.**",
                "--custom_hook_includes=io.caravan.otlp.**",
                "-max_total_time=" + time.toSeconds(),
                "-timeout=10",
                "-print_final_stats=1")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean sound = process.waitFor() == 0;
    System.out.printf(
        "%-26s %s, %s inputs: %s%n",
        name,
        sound ? "sound" : "BROKEN",
        statistic(log, "stat::number_of_executed_units:"),
        sound ? log : finding(log));
    return sound;
  }

  private static String statistic(Path log, String name) {
    return lines(log)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElse("no");
  }

  private static String finding(Path log) {
    String found =
        lines(log)
            .filter(line -> line.startsWith("== Java Exception") || line.contains("Test unit"))
            .limit(2)
            .reduce("", (all, line) -> all + System.lineSeparator() + "  " + line);
    return log + found;
  }

  private static Stream<String> lines(Path log) {
    try {
      return Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
