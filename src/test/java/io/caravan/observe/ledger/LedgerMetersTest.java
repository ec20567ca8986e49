/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** The ledger in the metrics and in the log. */
@Isolated("it reads the log of all ledgers")
final class LedgerMetersTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");
  private static final String LIVE =
      "input=\"otlp\",origin=\"live\",pipeline=\"tracepipeline/demo\"";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Ledger ledger = new Ledger(registry);
  private final LedgerCheck check = new LedgerCheck(ledger, registry);
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.caravan.ledger");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void record() {
    log.start();
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void stopRecording() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void shouldShowWhatBecameOfAPipelinesRecords() {
    PipelineBook book = ledger.book(DEMO);
    book.accepted(Source.OTLP, new Amount(10, 4000));
    book.queued(Source.OTLP, new Amount(7, 2800));
    book.dropped(Source.OTLP, "filter", new Amount(3, 1200));
    book.accepted(new Source(Input.OTLP, Origin.REPLAY), new Amount(2, 800));

    assertThat(registry.scrape().lines())
        .contains(
            "caravan_pipeline_records_total{" + LIVE + ",reason=\"\",result=\"accepted\"} 10.0",
            "caravan_pipeline_bytes_total{" + LIVE + ",reason=\"\",result=\"accepted\"} 4000.0",
            "caravan_pipeline_records_total{" + LIVE + ",reason=\"filter\",result=\"dropped\"} 3.0",
            "caravan_pipeline_queued_records{" + LIVE + "} 7.0",
            "caravan_pipeline_queued_bytes{" + LIVE + "} 2800.0",
            "caravan_pipeline_records_total{"
                + LIVE.replace("live", "replay")
                + ",reason=\"\",result=\"accepted\"} 2.0");
  }

  @Test
  void shouldTakeARemovedPipelineOutOfTheMetrics() {
    ledger.book(DEMO).accepted(Source.OTLP, new Amount(10, 4000));
    ledger.book(new PipelineId(PipelineKind.LOG, "stays")).accepted(Source.OTLP, Amount.NONE);

    ledger.remove(DEMO);

    assertThat(registry.scrape()).doesNotContain("demo").contains("logpipeline/stays");
  }

  @Test
  void shouldShowTheNewBookOfAPipelineAndNotWhatIsPostedLateToTheOldOne() {
    PipelineBook old = ledger.book(DEMO);
    old.accepted(Source.OTLP, new Amount(10, 4000));
    ledger.remove(DEMO);

    old.dropped(Source.OTLP, "filter", new Amount(10, 4000));
    ledger.book(DEMO).dropped(Source.OTLP, "filter", new Amount(1, 400));

    assertThat(registry.scrape().lines().filter(line -> line.startsWith("caravan_pipeline_rec")))
        .containsExactly(
            "caravan_pipeline_records_total{"
                + LIVE
                + ",reason=\"filter\",result=\"dropped\"} 1.0");
  }

  @Test
  void shouldTellADifferenceOnceAndShowItUntilItIsGone() {
    PipelineBook book = ledger.book(DEMO);
    book.accepted(Source.OTLP, new Amount(10, 4000));

    check.run();
    check.run();

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "event=ledger_difference pipeline=tracepipeline/demo input=otlp origin=live records=10"
                + " bytes=4000 action=\"records were lost or counted twice; please report it\"");
    assertThat(check.differences()).hasSize(1);
    assertThat(registry.scrape().lines())
        .contains(
            "caravan_ledger_difference_records 10.0", "caravan_ledger_difference_bytes 4000.0");

    book.dropped(Source.OTLP, "expired", new Amount(10, 4000));
    check.run();

    assertThat(log.list).hasSize(1);
    assertThat(check.differences()).isEmpty();
    assertThat(registry.scrape().lines()).contains("caravan_ledger_difference_records 0.0");
  }

  @Test
  void shouldTellADifferenceAgainWhenItGrows() {
    PipelineBook book = ledger.book(DEMO);
    book.accepted(Source.OTLP, new Amount(1, 400));
    check.run();
    book.accepted(Source.OTLP, new Amount(1, 400));
    check.run();

    assertThat(log.list).hasSize(2);
  }
}
