/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTableTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:02:03Z");

  @Test
  void shouldSayWhatWaitsAndWhatBecameOfTheRest() throws IOException {
    String pipelines =
        """
        [{"pipeline": "tracepipeline/demo",
          "ledger": {"accepted": {"records": 1300000, "bytes": 1},
                     "queued": {"records": 12345, "bytes": 4938000},
                     "delivered": {"records": 1287645, "bytes": 1}, "dropped": {"records": 10, "bytes": 1},
                     "oldest": "2026-01-01T00:00:00Z"},
          "deadLetters": {"letters": 1, "records": 7, "bytes": 1}},
         {"pipeline": "logpipeline/audit", "ledger": {"accepted": {}}}]
        """;

    assertThat(new LedgerTable(new ObjectMapper().readTree(pipelines), NOW).toString())
        .isEqualToNormalizingNewlines(
            """
            PIPELINE            WAITING  BYTES   OLDEST  DELIVERED  DROPPED  DEAD
            tracepipeline/demo  12,345   4.9 MB  1h2m    1,287,645  10       7
            logpipeline/audit   0        0 B     -       0          0        0
            """);
  }

  @Test
  void shouldSayNothingWhereTheProcessSaysNothing() throws IOException {
    String pipelines = "[{\"pipeline\": \"tracepipeline/demo\"}]";

    assertThat(new LedgerTable(new ObjectMapper().readTree(pipelines), NOW).toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.0 kB",
    "99499,99.5 kB",
    "999500,1.0 MB",
    "1073741824,1.1 GB"
  })
  void shouldWriteBytesInAUnitThatFits(long bytes, String text) {
    assertThat(LedgerTable.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"-5,0s", "59,59s", "61,1m1s", "3600,1h0m", "90000,1d1h"})
  void shouldWriteAnAgeInItsTwoLargestUnits(long seconds, String text) {
    assertThat(LedgerTable.age(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}
