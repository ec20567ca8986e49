/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Isolated("it takes the standard error and sets the level of all logs")
class LogLevelOverrideTest {
  private static final Logger log = LoggerFactory.getLogger("io.caravan.some");

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final LogLevelOverride override =
      new LogLevelOverride(Logging.Format.TEXT, Logging.Verbosity.INFO);

  @BeforeEach
  void take() {
    System.setErr(new PrintStream(stderr, true, UTF_8));
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);
  }

  @AfterEach
  void giveBack() {
    System.setErr(before);
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.WARN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug", "DEBUG", " Debug"})
  void shouldSayMoreWhileItIsAskedFor(String level) {
    log.debug("before");
    override.accept(Optional.of(level));
    log.debug("meanwhile");
    override.accept(Optional.empty());
    log.debug("after");
    log.info("as ever");

    assertThat(stderr.toString(UTF_8))
        .contains("meanwhile", "as ever")
        .doesNotContain("before", "after");
  }

  @Test
  void shouldSayLessWhileItIsAskedFor() {
    override.accept(Optional.of("error"));

    assertThat(log.isWarnEnabled()).isFalse();
    assertThat(log.isErrorEnabled()).isTrue();
  }

  @Test
  void shouldTellOfALevelThatThereIsNotAndGoOnWithItsOwn() {
    override.accept(Optional.of("verbose"));

    assertThat(log.isInfoEnabled()).isTrue();
    assertThat(log.isDebugEnabled()).isFalse();
    assertThat(stderr.toString(UTF_8)).contains("verbose", "debug", "info counts");
  }
}
