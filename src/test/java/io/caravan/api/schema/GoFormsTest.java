/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations and URLs in the forms of Go. */
final class GoFormsTest {

  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "1h30m, PT1H30M",
    "1.5s, PT1.5S",
    ".5m, PT30S",
    "-2ms, PT-0.002S",
    "0, PT0S",
    "3us, PT0.000003S",
    "7µs, PT0.000007S",
    "5ns, PT0.000000005S",
    "+1m, PT1M"
  })
  void shouldReadADuration(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30", "1d", "1 s", "s", "PT1S", "1s ", ".s", "1e3s", "9999999999999999h"})
  void shouldRefuseWhatIsNoDuration(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30s", "1h30m", "1.5s", ".5m", "-2ms", "0", "3us", "7µs", "7μs", "+1m", "1.s", "", "30",
        "1d", "7 days", "1w", "1 s", "s", "PT1S", "1s ", ".s", "1e3s", "-", "00", "0s"
      })
  void shouldReadTheDurationsThatTheDefinitionsOfDeliveryAllow(String text) {
    Schema schema = Definitions.schema(ResourceKind.TRACE_PIPELINE);
    for (String step : "spec delivery buffer age".split(" ", -1)) {
      schema = Objects.requireNonNull(schema.properties().get(step), step);
    }

    assertThat(schema.pattern().orElseThrow().matcher(text).find())
        .isEqualTo(GoDuration.parse(text).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "24h, 24h",
    "1h30m, 1h30m",
    "90s, 1m30s",
    "60m, 1h",
    "1500ms, 1.5s",
    "1h1ns, 1h0.000000001s",
    "0, 0s",
    "-90m, -1h30m",
    "10s, 10s"
  })
  void shouldWriteADurationInItsShortestForm(String text, String shortest) {
    Duration duration = GoDuration.parse(text).orElseThrow();

    assertThat(GoDuration.format(duration)).isEqualTo(shortest);
    assertThat(GoDuration.parse(shortest)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://x",
        "https://auth.example.com:8443/token?a=b",
        "http://user:pass@x/",
        "http://[::1]:80/",
        "/path",
        "urn:x",
        "http://x/%20"
      })
  void shouldTakeForAUrlWhatGoDoes(String text) {
    assertThat(GoUrl.isUrl(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a url",
        "example.com/x",
        "//x",
        ":x",
        "http://x:y",
        "http://a b",
        "http://x/%zz",
        "127.0.0.1:80",
        "http://x\u0001"
      })
  void shouldRefuseWhatGoRefuses(String text) {
    // An address that begins with // is an absolute path to Go.
    assertThat(GoUrl.isUrl(text)).isEqualTo(text.equals("//x"));
  }
}
