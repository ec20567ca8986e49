/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void shouldBeReadyWhenNothingIsWaitedFor() {
    assertThat(readiness.missing()).isEmpty();
  }

  @Test
  void shouldNameWhatIsMissingInTheOrderInWhichItWasNamed() {
    readiness.awaits("first plan");
    readiness.awaits("OTLP ports");
    readiness.awaits("first plan");

    assertThat(readiness.missing()).containsExactly("first plan", "OTLP ports");
  }

  @Test
  void shouldBeReadyAgainOnceEverythingIsThere() {
    readiness.awaits("first plan");
    readiness.awaits("OTLP ports");

    readiness.has("OTLP ports");
    assertThat(readiness.missing()).containsExactly("first plan");

    readiness.has("first plan");
    readiness.has("what nobody waited for");
    assertThat(readiness.missing()).isEmpty();
  }
}
