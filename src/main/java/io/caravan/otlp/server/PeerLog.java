/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of senders that speak another protocol than a port does: at most one line each ten seconds
 * and kind, because such a sender comes again and again. Thread-safe.
 */
final class PeerLog {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpServer.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is wrong with a sender, and what its owner can do. */
  enum Mistake {
    TLS_TO_PLAINTEXT(
        "The port speaks plaintext and the sender TLS; let it use http:// or insecure"),
    PLAINTEXT_TO_TLS("The port speaks TLS and the sender plaintext; let it use https://"),
    HTTP_TO_GRPC(
        "The sender speaks HTTP/1.1 to the port of OTLP/gRPC; let it use the port of OTLP/HTTP"),
    HANDSHAKE(
        "The TLS handshake failed; the sender may not trust this server's certificate, or has no valid one of its own");

    private final String sentence;

    Mistake(String sentence) {
      this.sentence = sentence;
    }
  }

  private static final class Line {
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);
    private final AtomicLong unsaid = new AtomicLong();
  }

  private final Map<Mistake, Line> lines = new EnumMap<>(Mistake.class);

  PeerLog() {
    for (Mistake mistake : Mistake.values()) {
      lines.put(mistake, new Line());
    }
  }

  void tell(Mistake mistake, Channel channel, String error) {
    Line line = lines.get(mistake);
    if (line == null) {
      throw new IllegalStateException("every mistake has its line");
    }
    long times = line.unsaid.incrementAndGet();
    long now = System.nanoTime();
    long last = line.lastNanos.get();
    if (now - last < QUIET_NANOS || !line.lastNanos.compareAndSet(last, now)) {
      return;
    }
    line.unsaid.addAndGet(-times);
    LOG.warn(
        "event=connection_refused reason={} local={} peer={} connections={} error=\"{}\" message=\"{}.\"",
        mistake,
        channel.localAddress(),
        channel.remoteAddress(),
        times,
        error,
        mistake.sentence);
  }
}
