/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {

  @Test
  void shouldReadWhatTheContractNames() {
    Overrides overrides =
        Overrides.of(
            Optional.of(
                """
                global: {logLevel: debug}
                tracing: {paused: true}
                logging: {paused: true, collectAgentLogs: true}
                metrics: {paused: false}
                telemetry: {paused: true}
                otlpGateway: {paused: true}
                """));

    assertThat(overrides.error()).isEmpty();
    assertThat(overrides.logLevel()).contains("debug");
    assertThat(overrides.paused()).containsExactlyInAnyOrder(PipelineKind.TRACE, PipelineKind.LOG);
    assertThat(overrides.telemetryPaused()).isTrue();
    assertThat(overrides.gatewayPaused()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"tracing, TRACE", "logging, LOG", "metrics, METRIC"})
  void shouldPauseOneKindAndNoOther(String section, PipelineKind kind) {
    Overrides overrides = Overrides.of(Optional.of(section + ": {paused: true}"));

    assertThat(overrides.paused()).containsExactly(kind);
    assertThat(overrides.telemetryPaused()).isFalse();
    assertThat(overrides.gatewayPaused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "# nothing", "{}", "tracing:", "tracing: {paused: }"})
  void shouldOverrideNothingWhereNothingIsSaid(String text) {
    assertThat(Overrides.of(Optional.of(text))).isEqualTo(Overrides.NONE);
  }

  @Test
  void shouldOverrideNothingWithoutAnEntry() {
    assertThat(Overrides.of(Optional.empty())).isEqualTo(Overrides.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracing: {paused: true", "- tracing", "paused", "a: 1\na: 2"})
  void shouldOverrideNothingAndSayWhyWhereTheTextCannotBeRead(String text) {
    Overrides overrides = Overrides.of(Optional.of(text));

    assertThat(overrides.error()).isPresent();
    assertThat(overrides.paused()).isEmpty();
    assertThat(overrides.telemetryPaused()).isFalse();
    assertThat(overrides.gatewayPaused()).isFalse();
  }
}
