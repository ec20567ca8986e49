/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.caravan.pipeline");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final FailureLog log = new FailureLog(new PipelineId(PipelineKind.TRACE, "failing"));

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void shouldSayEachCauseOnceHoweverOftenTheyComeInTurn() {
    for (int i = 0; i < 100; i++) {
      log.failed(later(GrpcCode.UNAVAILABLE));
      log.failed(
          new Outcome.Refused(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "field " + i + " is bad")));
      log.full();
    }

    assertThat(said())
        .satisfiesExactly(
            line -> assertThat(line).contains("delivery_failed", "code=UNAVAILABLE batches=1 "),
            line -> assertThat(line).contains("code=INVALID_ARGUMENT batches=1 ", "field 0"),
            line -> assertThat(line).contains("outcome=Full"));
  }

  @Test
  void shouldSayThatItRecoveredAndHowManyFailedThatWereNotSaid() {
    log.failed(later(GrpcCode.UNAVAILABLE));
    log.failed(later(GrpcCode.UNAVAILABLE));
    log.failed(later(GrpcCode.DEADLINE_EXCEEDED));
    log.failed(later(GrpcCode.DEADLINE_EXCEEDED));

    log.recovered();
    log.recovered();

    assertThat(log.failure()).isEmpty();
    assertThat(said())
        .hasSize(3)
        .last()
        .asString()
        .contains("delivery_recovered", "failed_batches_since_last_line=2");
  }

  private static Outcome later(GrpcCode code) {
    return new Outcome.RetryLater(OtlpStatus.of(code, "come again"), null);
  }

  private List<String> said() {
    return lines.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains("pipeline=tracepipeline/failing"))
        .toList();
  }
}
