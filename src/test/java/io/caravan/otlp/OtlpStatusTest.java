/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OtlpStatusTest {

  @Test
  void shouldKeepTheBeginningAndTheEndOfAMessageThatWouldNotFitIntoAHeader() {
    OtlpStatus status =
        OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "malformed: " + "/a".repeat(5_000) + "/end");

    assertThat(status.message())
        .hasSizeLessThan(510)
        .startsWith("malformed: /a")
        .endsWith("/a/end");
  }

  @Test
  void shouldLeaveAnOrdinaryMessageAsItIs() {
    String message = "x".repeat(500);

    assertThat(OtlpStatus.of(GrpcCode.UNAVAILABLE, message).message()).isEqualTo(message);
  }
}
