/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class HeapShareTest {
  private final MemoryBudget heap = new MemoryBudget(1000);

  @Test
  void shouldHaveConversionsComeAgainWhileOthersFillTheHeap() throws Exception {
    HeapShare one = new HeapShare(heap);
    HeapShare two = new HeapShare(heap);
    one.occupy(400, 80);
    one.occupy(400, 80);

    DeliveryException refused =
        catchThrowableOfType(DeliveryException.class, () -> two.occupy(300, 60));

    assertThat(refused.outcome())
        .isInstanceOfSatisfying(
            Outcome.RetryLater.class, later -> assertThat(later.notBefore()).isPositive());
    assertThat(heap.used()).isEqualTo(800);
    one.release();
    two.occupy(300, 60);
    two.release();
    assertThat(heap.used()).isZero();
  }

  @Test
  void shouldSayWhatToDoAboutABatchThatNeverFits() {
    HeapShare alone = new HeapShare(heap);

    DeliveryException refused =
        catchThrowableOfType(DeliveryException.class, () -> alone.occupy(1001, 200));

    assertThat(refused.outcome())
        .isInstanceOfSatisfying(
            Outcome.TooLarge.class,
            large ->
                assertThat(large.status().message())
                    .contains("batch of 200 bytes", "1000 bytes of heap", "CARAVAN_MEMORY"));
    assertThat(heap.used()).isZero();
  }

  @Test
  void shouldNotGoBeyondTheHeapByManyConversionsOfOneBody() throws Exception {
    HeapShare alone = new HeapShare(heap);
    alone.occupy(900, 180);

    assertThat(catchThrowableOfType(DeliveryException.class, () -> alone.occupy(900, 180)))
        .isNotNull();
    assertThat(heap.used()).isEqualTo(900);
  }
}
