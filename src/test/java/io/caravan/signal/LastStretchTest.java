/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.journal.Receipt;
import io.caravan.otlp.OtlpBatch;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is written while the last of a backlog is read")
class LastStretchTest {
  private final OtlpBatch batch = TestBatches.spans(10);
  private final LastStretch stretch = new LastStretch(3 * batch.footprint());

  @AfterEach
  void holdsNothing() {
    stretch.release();
    batch.release();
  }

  @Test
  void shouldBeReachedWhenReadingHasComeToItsFirst() {
    assertThat(stretch.isReached(1_000)).isFalse();

    add(100);
    add(200);

    assertThat(stretch.isReached(99)).isFalse();
    assertThat(stretch.isReached(100)).isTrue();
  }

  @Test
  void shouldGiveInOrderWhatWasNotRead() {
    add(100);
    add(200);
    add(300);

    assertThat(poll(150)).contains(200L);
    assertThat(poll(200)).contains(300L);
    assertThat(poll(300)).isEmpty();
    assertThat(stretch.left()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldTakeNothingAnyMoreAfterWhatWasTooMuchSinceTheOrderIsThatOfTheJournal() {
    assertThat(add(100)).isTrue();
    assertThat(add(200)).isTrue();
    assertThat(add(300)).isTrue();
    assertThat(add(400)).isFalse();
    poll(0);
    poll(0);

    assertThat(add(500)).isFalse();
    assertThat(poll(0)).contains(300L);
    assertThat(stretch.left()).isEqualTo(400);
  }

  private boolean add(long position) {
    Arrival arrival =
        new Arrival(new Receipt(1, position, position, (byte) 0, 10, 100), batch.retain(), 0, 0);
    boolean taken = stretch.add(arrival);
    if (!taken) {
      batch.release();
    }
    return taken;
  }

  private Optional<Long> poll(long next) {
    Optional<Arrival> arrival = stretch.poll(next);
    arrival.ifPresent(each -> each.batch().release());
    return arrival.map(Arrival::position);
  }
}
