/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionNamesTest {

  @ParameterizedTest
  @CsvSource({
    "gzip, GZIP",
    "x-gzip, GZIP",
    "GZip, GZIP",
    "' zstd', ZSTD",
    "snappy, SNAPPY",
    "x-snappy-framed, SNAPPY_FRAMED",
    "lz4, LZ4",
    "deflate, DEFLATE",
    "zlib, DEFLATE",
    "identity, NONE",
    "'', NONE"
  })
  void shouldKnowTheWordsOfHttp(String word, Compression compression) {
    assertThat(CompressionNames.HTTP.find(word)).contains(compression);
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, GZIP",
    "zstd, ZSTD",
    "snappy, SNAPPY_FRAMED",
    "deflate, DEFLATE",
    "identity, NONE"
  })
  void shouldKnowTheWordsOfGrpc(String word, Compression compression) {
    assertThat(CompressionNames.GRPC.find(word)).contains(compression);
  }

  @Test
  void shouldNotKnowOthers() {
    assertThat(CompressionNames.HTTP.find("br")).isEmpty();
    assertThat(CompressionNames.HTTP.find("gzip, zstd")).isEmpty();
    assertThat(CompressionNames.GRPC.find("lz4")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(CompressionNames.class)
  void shouldTakeNoCompressionWhereNoneIsNamed(CompressionNames names) {
    assertThat(names.find(null)).contains(Compression.NONE);
  }

  @Test
  void shouldFindEveryWordThatItAdvertises() {
    assertThat(CompressionNames.GRPC.accepted())
        .containsExactly("identity", "gzip", "zstd", "snappy", "deflate")
        .allSatisfy(word -> assertThat(CompressionNames.GRPC.find(word)).isPresent());
    assertThat(CompressionNames.HTTP.accepted())
        .startsWith("gzip")
        .contains("zstd", "snappy", "x-snappy-framed", "lz4", "deflate", "zlib")
        .allSatisfy(word -> assertThat(CompressionNames.HTTP.find(word)).isPresent());
  }

  @Test
  void shouldOfferOnlyWhatCanBeWritten() {
    assertThat(CompressionNames.GRPC.offered()).containsExactly("none", "gzip", "zstd", "snappy");
    assertThat(CompressionNames.HTTP.offered())
        .containsExactly("none", "gzip", "zstd", "snappy", "x-snappy-framed");
  }

  @Test
  void shouldHaveNoWordForWhatAProtocolDoesNotSpeak() {
    assertThat(CompressionNames.HTTP.of(Compression.SNAPPY_FRAMED)).isEqualTo("x-snappy-framed");
    assertThatThrownBy(() -> CompressionNames.GRPC.of(Compression.LZ4)).hasMessageContaining("LZ4");
  }
}
