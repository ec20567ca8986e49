/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The build's formatter gate: {@code Format check|write SOURCES STAMPS}.
 *
 * <p>{@code check} names every file that is not formatted and ends with 1, {@code write} formats it
 * in place. A file that has not changed since it was last found good is skipped; STAMPS is the
 * folder that remembers this.
 */
final class Format {

  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    Path sources = Path.of(args[1]);
    Path stamps = Files.createDirectories(Path.of(args[2]));
    Formatter formatter = new Formatter();
    List<Path> wrong = new ArrayList<>();
    List<Path> files;
    try (var walk = Files.walk(sources)) {
      files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    for (Path file : files) {
      Path stamp = stamps.resolve(sources.relativize(file).toString().replace('/', '.'));
      if (Files.exists(stamp)
          && Files.getLastModifiedTime(stamp).compareTo(Files.getLastModifiedTime(file)) > 0) {
        continue;
      }
      String before = Files.readString(file);
      String after = format(formatter, file, before);
      if (!after.equals(before)) {
        if (!write) {
          wrong.add(file);
          continue;
        }
        Files.writeString(file, after);
      }
      Files.writeString(stamp, "");
    }
    if (!wrong.isEmpty()) {
      System.err.println("Not formatted (./mvnw -Dformat process-sources mends it):");
      wrong.forEach(file -> System.err.println("  " + sources.getParent().relativize(file)));
      System.exit(1);
    }
  }

  private static String format(Formatter formatter, Path file, String source) throws IOException {
    try {
      String unused = RemoveUnusedImports.removeUnusedImports(source);
      return formatter.formatSource(ImportOrderer.reorderImports(unused, Style.GOOGLE));
    } catch (com.google.googlejavaformat.java.FormatterException e) {
      System.err.println("Cannot be parsed: " + file + ": " + e.getMessage());
      return source;
    }
  }
}
