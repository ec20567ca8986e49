/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in the forms of Kubernetes. */
final class ByteQuantityTest {

  /** Of a definition: what an API server holds texts against. */
  private static final Pattern DEFINED = pattern();

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4096, 4096",
    "007, 7",
    "1k, 1000",
    "1Ki, 1024",
    "10M, 10000000",
    "500Mi, 524288000",
    "1Gi, 1073741824",
    "1G, 1000000000",
    "2Ti, 2199023255552",
    "1Pi, 1125899906842624",
    "1E, 1000000000000000000",
    "1e9, 1000000000",
    "1E3, 1000",
    "1.5Ki, 1536",
    "1., 1",
    ".5k, 500",
    "0.1, 1",
    "1.0000000000001Gi, 1073741825",
    "7Ei, 8070450532247928832"
  })
  void shouldReadWhatKubernetesWrites(String text, long bytes) {
    assertThat(ByteQuantity.parse(text)).hasValue(bytes);
    assertThat(DEFINED.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8Ei", "9999P", "1e30", "99999999999999999999"})
  void shouldCapWhatNoDiskHolds(String text) {
    assertThat(ByteQuantity.parse(text)).hasValue(Long.MAX_VALUE);
    assertThat(DEFINED.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " 1", "1 ", "Gi", ".", "1GB", "1GiB", "1gi", "1K", "1m", "1u", "1n", "-1", "+1",
        "1,5Gi", "1e-3", "1e100", "1_000", "1Gi1", "1Gi\n", "１Gi"
      })
  void shouldRefuseWhatIsNoNumberOfBytes(String text) {
    assertThat(ByteQuantity.parse(text)).isEmpty();
    assertThat(DEFINED.matcher(text).matches()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0Gi", "0.0", "00", "0e9", ".0k"})
  void shouldLeaveNothingToTheDefinitionToRefuse(String text) {
    assertThat(ByteQuantity.parse(text)).hasValue(0);
    assertThat(DEFINED.matcher(text).find()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1GiB, 1Gi",
    "1gi, 1Gi",
    "1 GB, 1G",
    "500m, 500M",
    "1.5kb, 1.5k",
    "1K, 1k",
    "2kib, 2Ki",
    "'3 T ', 3T"
  })
  void shouldKnowWhatWasMeant(String text, String meant) {
    assertThat(ByteQuantity.parse(text)).isEmpty();
    assertThat(ByteQuantity.hint(text)).isEqualTo("; did you mean '" + meant + "'?");
    assertThat(ByteQuantity.parse(meant)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "much", "1 week", "-1Gi", "0Gi", "0GB"})
  void shouldNotGuessWhereNothingIsNear(String text) {
    assertThat(ByteQuantity.hint(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1023, 1023",
    "1024, 1Ki",
    "1073741824, 1Gi",
    "1610612736, 1536Mi",
    "10000000, 10M",
    "1500, 1500",
    "1152921504606846976, 1Ei",
    "9223372036854775807, 9223372036854775807"
  })
  void shouldWriteTheShortestExactForm(long bytes, String text) {
    assertThat(ByteQuantity.format(bytes)).isEqualTo(text);
  }

  @Test
  void shouldReadWhatItWrites() {
    Random random = new Random(6);
    for (int i = 0; i < 10_000; i++) {
      long bytes =
          random.nextLong() >>> random.nextInt(1, 63) << random.nextInt(30) & Long.MAX_VALUE;

      assertThat(ByteQuantity.parse(ByteQuantity.format(bytes))).isEqualTo(OptionalLong.of(bytes));
    }
  }

  private static Pattern pattern() {
    Schema schema = Definitions.schema(ResourceKind.TRACE_PIPELINE);
    for (String step : "spec delivery buffer size".split(" ", -1)) {
      schema = Objects.requireNonNull(schema.properties().get(step), step);
    }
    return schema.pattern().orElseThrow();
  }
}
