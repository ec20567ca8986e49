/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void shouldNameACounterAsPrometheusDoes() {
    Counter.builder("caravan.items")
        .description("Items taken")
        .tag("pipeline", "tracepipeline/demo")
        .register(metrics.registry())
        .increment(3);

    assertThat(metrics.page("").text())
        .contains("# HELP caravan_items_total Items taken\n")
        .contains("# TYPE caravan_items_total counter\n")
        .contains("caravan_items_total{pipeline=\"tracepipeline/demo\"} 3.0\n");
  }

  @Test
  void shouldEscapeWhatWouldEndALabelOrALine() {
    Counter.builder("caravan.refused")
        .tag("reason", "said \"no\\yes\"\nand went")
        .register(metrics.registry())
        .increment();

    assertThat(metrics.page("").text())
        .contains("caravan_refused_total{reason=\"said \\\"no\\\\yes\\\"\\nand went\"} 1.0\n");
  }

  @Test
  void shouldTellOfTheProcessItself() {
    assertThat(metrics.page("").text())
        .contains("jvm_memory_used_bytes")
        .contains("jvm_threads_live_threads")
        .contains("process_uptime_seconds")
        .containsPattern("(?m)^process_resident_memory_bytes [1-9][0-9.]*E?[0-9]*$");
  }

  @Test
  void shouldCountOnWhenAskedAgain() {
    Counter counter = Counter.builder("caravan.items").register(metrics.registry());
    metrics.page("");

    counter.increment();

    assertThat(metrics.page("").text())
        .containsOnlyOnce("# TYPE caravan_items_total")
        .contains("caravan_items_total 1.0\n");
  }

  @Test
  void shouldSpeakOpenMetricsToWhoeverAsksForIt() {
    Metrics.Page page =
        metrics.page("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3");

    assertThat(page.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(page.text()).endsWith("# EOF\n");
  }

  @Test
  void shouldSpeakTheOldTextToEverybodyElse() {
    Metrics.Page page = metrics.page("*/*");

    assertThat(page.contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(page.text()).doesNotContain("# EOF");
  }
}
