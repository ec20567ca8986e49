/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.manager.round.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToldTest {
  private final List<Optional<String>> levels = new ArrayList<>();
  private final Told told = new Told(levels::add);

  private void overrides(String text) {
    var _ = told.overrides(Overrides.of(Optional.of(text)));
  }

  @Test
  void shouldSetTheLevelOfTheLogOnceAChange() {
    overrides("");
    overrides("global: {logLevel: debug}");
    overrides("global: {logLevel: debug}\ntracing: {paused: true}");
    overrides("tracing: {paused: true}");
    overrides("");

    assertThat(levels).containsExactly(Optional.of("debug"), Optional.empty());
  }
}
