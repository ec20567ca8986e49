/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceVersionsTest {
  @ParameterizedTest
  @CsvSource({
    "9, 10, true",
    "10, 9, false",
    "10, 10, false",
    "99, 100, true",
    "'', 1, true",
    "1, '', false",
    "'', '', false",
    "18446744073709551614, 18446744073709551615, true"
  })
  void shouldCompareVersionsAsNumbersOfAnySize(String one, String other, boolean older) {
    assertThat(ResourceVersions.isOlder(one, other)).isEqualTo(older);
  }
}
