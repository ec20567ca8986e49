/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.Channel;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why a connection ended: what a client can cause at debug, an error of ours at warn. */
final class ConnectionErrors {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpServer.class);

  private ConnectionErrors() {}

  static void log(Channel channel, Throwable cause) {
    // TLS wraps its own in an exception of the decoder.
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      LOG.debug(
          "event=connection_lost peer={} error=\"{}\"", channel.remoteAddress(), cause.toString());
    } else {
      LOG.warn("event=connection_failed peer={}", channel.remoteAddress(), cause);
    }
  }
}
