/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.caravan.node.SensitiveLoggers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up, in Java because that starts faster than XML. Everything goes to stderr: stdout
 * belongs to {@code console-sink} and to what a command prints.
 *
 * <p>Found by Logback through {@link java.util.ServiceLoader}, so that tests and every command log
 * alike until {@link #configure} is called.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  /** How a line of the log looks. */
  enum Format {
    /** For people. */
    TEXT,
    /** For machines: a JSON object a line. */
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a level is called on the command line. */
  enum Verbosity {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    private Level level() {
      return Level.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Chatter about its own start and stop, which our events already tell. */
  private static final List<String> QUIET_BELOW_WARN =
      List.of("org.apache.camel", "io.javaoperatorsdk");

  /**
   * Warn of every route and exchange that is stopped before its time; a drain that is too long we
   * tell, and what waits for a backend that is away stays in the journal.
   */
  private static final List<String> CAMELS_SHUTDOWN =
      List.of(
          "org.apache.camel.impl.engine.DefaultShutdownStrategy",
          "org.apache.camel.impl.engine.DefaultInflightRepository");

  /**
   * Warns of every watch that an API server ends, which is how watches live, and of versions that
   * are not called stable, which is what ours are called; what is not watched we tell.
   */
  private static final List<String> CLIENTS_WATCHES =
      List.of("io.fabric8.kubernetes.client", "jdk.internal.httpclient");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    set(context, Format.TEXT, Verbosity.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** What the running command wants, from now on. */
  static void configure(Format format, Verbosity verbosity) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      context.reset();
      set(context, format, verbosity);
    }
  }

  private static void set(LoggerContext context, Format format, Verbosity verbosity) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, format));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(verbosity.level());
    root.addAppender(appender);
    boolean chatty = !verbosity.level().isGreaterOrEqual(Level.INFO);
    for (String logger : QUIET_BELOW_WARN) {
      context.getLogger(logger).setLevel(chatty ? null : atLeast(Level.WARN, verbosity));
    }
    for (String logger : concat(CAMELS_SHUTDOWN, CLIENTS_WATCHES)) {
      context.getLogger(logger).setLevel(chatty ? null : Level.ERROR);
    }
    for (String logger : SensitiveLoggers.NAMES) {
      boolean quiet = !chatty && QUIET_BELOW_WARN.stream().anyMatch(logger::startsWith);
      context.getLogger(logger).setLevel(atLeast(quiet ? Level.WARN : Level.INFO, verbosity));
    }
  }

  private static List<String> concat(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  /** A floor raises what the user asked for and never lowers it: error means errors alone. */
  private static Level atLeast(Level floor, Verbosity verbosity) {
    return verbosity.level().isGreaterOrEqual(floor) ? verbosity.level() : floor;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case JSON -> new JsonLines();
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(
                "%d{HH:mm:ss.SSS} %-5level %replace(%msg%replace( %kvp){'^ $', ''}){'\\r?\\n|\\r', ' | '}%n%ex");
            yield text;
          }
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
