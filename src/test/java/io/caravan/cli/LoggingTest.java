/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.node.SensitiveLoggers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.apache.camel.impl.engine.DefaultInflightRepository;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log looks like on stderr, and what does not get there. */
@Isolated("it takes the standard error")
class LoggingTest {
  private static final Logger log = LoggerFactory.getLogger("io.caravan.some");

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @BeforeEach
  void take() {
    System.setErr(new PrintStream(stderr, true, UTF_8));
  }

  @AfterEach
  void giveBack() {
    System.setErr(before);
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.WARN);
  }

  @Test
  void shouldWriteAnEventAsALineForPeople() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);

    log.atInfo().addKeyValue("pipeline", "tracepipeline/demo").log("Running");
    log.info("Ready");

    assertThat(lines().getFirst())
        .matches("[0-9:.]{12} INFO  Running pipeline=\"tracepipeline/demo\"");
    assertThat(lines().getLast()).matches("[0-9:.]{12} INFO  Ready");
  }

  @Test
  void shouldNotLetAMessageForgeALine() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);

    log.atInfo().addKeyValue("why", "no\r\n12:00:00.000 INFO  Ready").log("one\ntwo");

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).endsWith("one | two why=\"no | 12:00:00.000 INFO  Ready\"");
  }

  @Test
  void shouldPrintTheStackTraceOfAnExceptionForPeople() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);

    log.warn("It failed", new IOException("disk full"));

    assertThat(lines().get(1)).isEqualTo("java.io.IOException: disk full");
    assertThat(lines().get(2)).startsWith("\tat io.caravan.cli.LoggingTest");
  }

  @Test
  void shouldWriteAnEventAsAJsonObjectForMachines() throws IOException {
    Logging.configure(Logging.Format.JSON, Logging.Verbosity.INFO);

    log.atInfo()
        .addKeyValue("pipeline", "tracepipeline/demo")
        .addKeyValue("port", 4317)
        .addKeyValue("bytes", 1L << 40)
        .addKeyValue("ratio", 0.5)
        .addKeyValue("nothing", Double.NaN)
        .addKeyValue("ok", true)
        .addKeyValue("none", (Object) null)
        .log("Listening");

    JsonNode event = onlyObject();
    assertThat(Instant.parse(event.path("time").asText())).isBefore(Instant.now().plusSeconds(1));
    assertThat(event.path("level").asText()).isEqualTo("INFO");
    assertThat(event.path("logger").asText()).isEqualTo("io.caravan.some");
    assertThat(event.path("message").asText()).isEqualTo("Listening");
    assertThat(event.path("attributes"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"pipeline\":\"tracepipeline/demo\",\"port\":4317,\"bytes\":1099511627776,\"ratio\":0.5,\"nothing\":\"NaN\",\"ok\":true,\"none\":null}"));
    assertThat(event.has("exception")).isFalse();
  }

  @Test
  void shouldKeepAnExceptionAndAMessageOfManyLinesInOneObject() throws IOException {
    Logging.configure(Logging.Format.JSON, Logging.Verbosity.INFO);

    log.error(
        "first\nsecond \"quoted\" \u0000 \u001b[31m",
        new IllegalStateException("outer\nline", new IOException("disk full")));

    JsonNode event = onlyObject();
    assertThat(event.path("message").asText())
        .isEqualTo("first\nsecond \"quoted\" \u0000 \u001b[31m");
    assertThat(event.path("exception").asText())
        .contains("outer\nline", "Caused by: java.io.IOException: disk full", "LoggingTest");
  }

  @Test
  void shouldKeepTheLaterOfTwoAttributesOfOneName() throws IOException {
    Logging.configure(Logging.Format.JSON, Logging.Verbosity.INFO);

    log.atInfo().addKeyValue("try", 1).addKeyValue("try", 2).log("Again");

    assertThat(onlyObject().path("attributes").path("try").asInt()).isEqualTo(2);
  }

  @Test
  void shouldNotLoseAnEventWithHalfACharacter() throws IOException {
    Logging.configure(Logging.Format.JSON, Logging.Verbosity.INFO);

    log.atInfo().addKeyValue("cut", "wörld \ud83d").log("h\u00e9llo \ud83d\ude00 \ude00");

    JsonNode event = onlyObject();
    assertThat(event.path("message").asText()).isEqualTo("h\u00e9llo \ud83d\ude00 ?");
    assertThat(event.path("attributes").path("cut").asText()).isEqualTo("wörld ?");
  }

  @Test
  void shouldKeepLoggersThatCouldPrintSecretsAtInfo() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.TRACE);

    for (String name : SensitiveLoggers.NAMES) {
      LoggerFactory.getLogger(name).debug("Authorization: Bearer secret");
      LoggerFactory.getLogger(name + ".Child").trace("Authorization: Bearer secret");
    }
    assertThat(stderr.toString(UTF_8)).isEmpty();

    log.trace("all else");
    LoggerFactory.getLogger("org.apache.camel.impl").debug("Camel's own");
    LoggerFactory.getLogger(SensitiveLoggers.NAMES.getFirst()).info("harmless");
    assertThat(stderr.toString(UTF_8)).contains("all else", "Camel's own", "harmless");
  }

  @Test
  void shouldLeaveOutCamelsChatterAtInfoAndKeepItsWarnings() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);

    LoggerFactory.getLogger("org.apache.camel.main.Main").info("Apache Camel started");
    LoggerFactory.getLogger("org.apache.camel.impl").info("Routes startup");
    LoggerFactory.getLogger("org.apache.camel.impl").warn("A route failed");

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).endsWith("A route failed");
  }

  @Test
  void shouldNotWarnOfExchangesThatAStopCutsOffBecauseTheirBatchesAreKept() {
    Logging.configure(Logging.Format.TEXT, Logging.Verbosity.INFO);

    LoggerFactory.getLogger(DefaultInflightRepository.class).warn("Shutting down while");
    LoggerFactory.getLogger(DefaultShutdownStrategy.class).warn("Timeout occurred");

    assertThat(lines()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Logging.Verbosity.class)
  void shouldWriteNothingBelowTheLevelThatWasAskedFor(Logging.Verbosity verbosity) {
    Logging.configure(Logging.Format.TEXT, verbosity);

    List<String> loggers = List.of("io.caravan.some", "org.apache.camel.impl", "jdk.httpclient");
    for (String name : loggers) {
      Logger logger = LoggerFactory.getLogger(name);
      logger.error("at error");
      logger.warn("at warn");
      logger.info("at info");
      logger.debug("at debug");
    }

    String text = stderr.toString(UTF_8);
    assertThat(text).contains("at error");
    assertThat(text.contains("at warn"))
        .isEqualTo(verbosity.compareTo(Logging.Verbosity.WARN) >= 0);
    assertThat(text.contains("at info"))
        .isEqualTo(verbosity.compareTo(Logging.Verbosity.INFO) >= 0);
    assertThat(text.contains("at debug"))
        .isEqualTo(verbosity.compareTo(Logging.Verbosity.DEBUG) >= 0);
  }

  private List<String> lines() {
    return stderr.toString(UTF_8).lines().toList();
  }

  /** One line with one object, in which no name stands twice. */
  private JsonNode onlyObject() throws IOException {
    String text = stderr.toString(UTF_8);
    assertThat(text).endsWith("\n");
    assertThat(text.lines()).hasSize(1);
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build()
        .readTree(text);
  }
}
