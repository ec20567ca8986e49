/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every case of the table of OTLP conformance is a test with its id at the beginning of its name:
 * {@code g05ShouldInflate…}, {@code c07To15Should…}, {@code g10h18Should…}. G is the gRPC receiver,
 * H the HTTP receiver, J the JSON encoding, C the exporters.
 */
class ConformanceTest {
  private static final Pattern IDS = Pattern.compile("([ghjc])(\\d\\d)(?:To(\\d\\d))?(?=[a-zS])");

  private static final Pattern TEST = Pattern.compile("void ([a-zT0-9]+S)hould");

  @Test
  void shouldHaveATestForEachCase() throws IOException {
    TreeSet<String> tested;
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      tested =
          sources
              .filter(file -> file.toString().endsWith("Test.java"))
              .flatMap(ConformanceTest::testNames)
              .flatMap(ConformanceTest::ids)
              .collect(toCollection(TreeSet::new));
    }

    assertThat(tested).containsAll(cases());
  }

  /** What stands before "Should" and its first letter, of each test that begins otherwise. */
  private static Stream<String> testNames(Path source) {
    try {
      return TEST.matcher(Files.readString(source)).results().map(found -> found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> ids(String prefix) {
    return IDS.matcher(prefix).results().flatMap(ConformanceTest::range);
  }

  private static Stream<String> range(MatchResult id) {
    int first = Integer.parseInt(id.group(2));
    int last = id.group(3) == null ? first : Integer.parseInt(id.group(3));
    return numbered(id.group(1), first, last);
  }

  private static Stream<String> numbered(String kind, int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> "%s%02d".formatted(kind, i));
  }

  private static Set<String> cases() {
    return Stream.of(
            numbered("g", 1, 20), numbered("h", 1, 25), numbered("j", 1, 13), numbered("c", 1, 29))
        .flatMap(all -> all)
        .collect(toCollection(TreeSet::new));
  }
}
