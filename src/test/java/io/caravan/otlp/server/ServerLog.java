/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * The lines that servers log while this is open: of all that run, so a class of tests that has one
 * holds the {@link #LOCK}.
 */
final class ServerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  static final String LOCK = "the log of servers";

  private final List<String> lines = new CopyOnWriteArrayList<>();

  ServerLog() {
    start();
    logger().setLevel(Level.INFO);
    logger().addAppender(this);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(OtlpServer.class);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage());
  }

  List<String> lines(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void close() {
    logger().detachAppender(this);
    logger().setLevel(null);
  }
}
