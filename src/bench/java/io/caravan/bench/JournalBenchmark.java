/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures journals on the same work, each in a process of its own. {@code follow}: 16 producers
 * that wait until their request is durable, and three readers; {@code lag}: one reader stays a
 * gibibyte behind and then catches up; {@code kill}: what is left of a process that was killed.
 * Decision 0014 tells what came of it.
 *
 * <p>{@code --journals=floor,caravan,CLASS,floor} names what is measured, one after the other; the
 * disk and its neighbours change by the minute, so put the floor between the others. {@code
 * --works}, {@code --spans} of a request, {@code --seconds} and {@code --folder} bound it.
 */
final class JournalBenchmark {

  private static final String HEAP = "-Xmx512m";

  private final Path folder;
  private final String seconds;
  private final Random random = new Random();

  private JournalBenchmark(Path folder, int seconds) {
    this.folder = folder;
    this.seconds = Integer.toString(seconds);
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    String[] journals = arguments.text("journals", "floor,caravan,floor").split(",", -1);
    String[] works = arguments.text("works", "follow,lag,kill").split(",", -1);
    String[] spans = arguments.text("spans", "1000,100").split(",", -1);
    JournalBenchmark benchmark =
        new JournalBenchmark(
            Path.of(arguments.text("folder", "target/bench/journal")),
            arguments.number("seconds", 10));
    arguments.refuseUnknown();
    for (String work : works) {
      for (String size : spans) {
        System.out.printf("%n%s, %s spans a request%n", work, size);
        for (String journal : journals) {
          benchmark.measure(work, journal, size);
        }
      }
    }
  }

  private void measure(String work, String journal, String spans) throws Exception {
    clear();
    if (work.equals("kill")) {
      fillAndKill(journal, spans);
      System.out.printf("%-40s %s%n", journal, run("reopen", journal, spans));
    } else {
      System.out.printf("%-40s %s%n", journal, run(work, journal, spans));
    }
    clear();
  }

  private void fillAndKill(String journal, String spans) throws Exception {
    Process process = start("fill", journal, spans);
    try (BufferedReader lines = lines(process)) {
      String line = lines.readLine();
      while (line != null && !line.equals("full")) {
        line = lines.readLine();
      }
      Thread.sleep(random.nextInt(300));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private String run(String work, String journal, String spans) throws Exception {
    Process process = start(work, journal, spans);
    String last = "no result";
    try (BufferedReader lines = lines(process)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    int code = process.waitFor();
    return code == 0 ? last : "failed with " + code + ": " + last;
  }

  private Process start(String work, String journal, String spans) throws IOException {
    List<String> command = new ArrayList<>(Jvm.command(flags()));
    command.addAll(
        List.of(JournalWork.class.getName(), work, journal, folder.toString(), spans, seconds));
    return new ProcessBuilder(command).redirectError(new File(folder + ".errors")).start();
  }

  /** The heap is bounded alike for all; {@code -Dbench.child} adds what a library demands. */
  private static String[] flags() {
    return Stream.concat(
            Stream.of(HEAP, "-XX:+UseSerialGC"),
            Stream.of(System.getProperty("bench.child", "").split(" ", -1))
                .filter(flag -> !flag.isEmpty()))
        .toArray(String[]::new);
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private void clear() throws IOException {
    Files.deleteIfExists(folder.resolveSibling(folder.getFileName() + ".durable"));
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
