/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Books of pipelines that are gone. */
final class RetiredBooksTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Ledger ledger = new Ledger(registry);
  private final RetiredBooks retired = new RetiredBooks(ledger);

  @Test
  void shouldCloseABookTenMinutesAfterItsLastPosting() {
    post();
    retired.look(Set.of(), 0);
    post();
    retired.look(Set.of(), 5 * MINUTE);

    retired.look(Set.of(), 14 * MINUTE);
    assertThat(ledger.find(DEMO)).isPresent();

    retired.look(Set.of(), 15 * MINUTE);
    assertThat(ledger.find(DEMO)).isEmpty();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void shouldKeepTheBookOfAPipelineThatIsThere() {
    post();
    retired.look(Set.of(), 0);
    retired.look(Set.of(DEMO), 9 * MINUTE);

    retired.look(Set.of(), 11 * MINUTE);
    retired.look(Set.of(DEMO), 60 * MINUTE);

    assertThat(ledger.find(DEMO)).isPresent();
  }

  @Test
  void shouldKeepABookAsLongAsSomethingIsQueued() {
    ledger.book(DEMO).queued(Source.OTLP, new Amount(1, 1));
    retired.look(Set.of(), 0);

    retired.look(Set.of(), 60 * MINUTE);

    assertThat(ledger.find(DEMO)).isPresent();
  }

  private void post() {
    ledger.book(DEMO).accepted(Source.OTLP, new Amount(1, 1));
    ledger.book(DEMO).delivered(Source.OTLP, new Amount(1, 1));
  }
}
