/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Processes that have other libraries, or fewer, than this one. */
class LibrariesTest {

  /** What another process says of its libraries, a line each. */
  public static final class Report {
    private Report() {}

    public static void main(String[] args) {
      DeflateChoice.loadLater();
      System.out.println("at first " + DeflateChoice.current());
      Compression.load();
      System.out.println("then " + DeflateChoice.current());

      System.out.println(CompressionNames.GRPC.accepted());
      System.out.println(CompressionNames.HTTP.offered());
      System.out.println(CompressionNames.HTTP.find("zstd"));
    }
  }

  private static List<String> report(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Report.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  @Test
  void shouldNeitherAdvertiseNorOfferNorTakeZstdWhereItCannotBeLoaded() throws Exception {
    List<String> said = report("-DZstdTempFolder=/nowhere", "-Djava.library.path=/nowhere");

    assertThat(said)
        .contains("[identity, gzip, snappy, deflate]")
        .contains("[none, gzip, snappy, x-snappy-framed]")
        .contains("Optional.empty")
        .anyMatch(line -> line.contains("event=zstd_unavailable"));
  }

  @Test
  void shouldDoGzipInJavaUntilTheLibraryIsLoaded() throws Exception {
    String fastest = DeflateChoice.isal().isPresent() ? "ISA-L" : "Java";

    assertThat(report())
        .contains("at first Java")
        .anyMatch(line -> line.startsWith("then " + fastest));
  }

  @Test
  void shouldUseNothingNativeForGzipWhenTold() throws Exception {
    assertThat(report("-Dcaravan.deflate=java")).contains("then Java");
  }
}
