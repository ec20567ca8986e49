/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Retry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliverySettingsTest {

  @Test
  void shouldBeWhatTheManifestAsksFor() {
    assertThat(DeliverySettings.of(Delivery.DEFAULT)).isEqualTo(DeliverySettings.DEFAULT);
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThatThrownBy(() -> retry(Duration.ofSeconds(5), Duration.ofSeconds(1)))
        .hasMessageContainingAll("initial is PT5S", "max is PT1S", "initial <= max");
    assertThatThrownBy(() -> retry(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessageContaining("0 < initial");
    assertThatThrownBy(() -> new PortionSettings(512, 100, 1))
        .hasMessageContaining("512 to 100 records");
  }

  private static DeliverySettings retry(Duration initial, Duration max) {
    DeliverySettings some = DeliverySettings.DEFAULT;
    return new DeliverySettings(
        some.order(),
        some.lanes(),
        some.portion(),
        new Retry(initial, max),
        some.attemptTimeout(),
        some.maxAge(),
        some.maxBytes(),
        some.maxLaneBytes());
  }
}
