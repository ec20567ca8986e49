/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.Manifests;
import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pipelines cost that have nothing to do. */
class IdlePipelinesTest {
  private static final int PIPELINES = Form.pick(250, 1_000);
  private static final Pattern PIPELINE = Pattern.compile("pipeline=\"[^\"]+\"");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /**
   * @param liveBytes of the heap, after a collection
   */
  private record Cost(long threads, long openFiles, long liveBytes, long residentKib) {}

  @Test
  void shouldCostNoThreadAndAtMostAHundredKibibytesEach() throws IOException {
    Cost one = cost(1);
    Cost many = cost(1 + PIPELINES);

    long kibibytes = ((many.liveBytes() - one.liveBytes()) / PIPELINES) >> 10;
    System.out.printf(
        "proof scenario=\"idle pipelines\" pipelines=%d threads=%d live_kib_each=%d rss_kib_each=%d%n",
        PIPELINES,
        many.threads() - one.threads(),
        kibibytes,
        (many.residentKib() - one.residentKib()) / PIPELINES);
    assertThat(kibibytes).as("live heap of a pipeline, KiB").isLessThanOrEqualTo(100);
    // Of the JVM's own, which come and go: compilers, collectors.
    assertThat(many.threads()).as("threads").isLessThanOrEqualTo(one.threads() + 4);
    assertThat(many.openFiles()).as("open files").isLessThanOrEqualTo(one.openFiles() + 4);
  }

  private static Cost cost(int pipelines) throws IOException {
    try (CaravanProcess caravan = CaravanProcess.asShipped(Map.of())) {
      for (int i = 0; i < pipelines; i++) {
        caravan.write(
            "p%d.yaml".formatted(i),
            Manifests.pipeline(
                "TracePipeline",
                "p" + i,
                Manifests.otlp("grpc", "none", "http://127.0.0.1:" + (1 + i))));
      }
      caravan.start();
      assertThat(PIPELINE.matcher(caravan.metrics()).results().map(MatchResult::group).distinct())
          .as("pipelines in /metrics")
          .hasSize(pipelines);
      long live = liveBytes(caravan.process().pid());
      Path process = Path.of("/proc", Long.toString(caravan.process().pid()));
      String status = Files.readString(process.resolve("status"));
      try (Stream<Path> files = Files.list(process.resolve("fd"))) {
        return new Cost(
            number(status, "Threads:\\s+(\\d+)"),
            files.count(),
            live,
            number(status, "VmRSS:\\s+(\\d+)"));
      }
    }
  }

  /** Of the heap, once what nobody needs has been collected. */
  private static long liveBytes(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> histogram =
        ServerProcess.run(
            "jcmd",
            Path.of("."),
            Map.of(),
            List.of(jcmd.toString(), Long.toString(pid), "GC.class_histogram"));
    return number(String.join("\n", histogram), TOTAL.pattern());
  }

  private static long number(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .mapToLong(result -> Long.parseLong(result.group(1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + pattern + " in\n" + text));
  }
}
