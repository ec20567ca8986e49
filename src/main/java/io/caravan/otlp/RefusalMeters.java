/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.server.BindFailedException.Protocol;
import io.caravan.otlp.server.Refusals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the requests that a receiver answers with anything but success: {@code
 * caravan_receiver_refused_requests_total} by {@code protocol} (grpc, http) and {@code code}.
 * Thread-safe.
 */
final class RefusalMeters implements Refusals {
  private record Key(Protocol protocol, GrpcCode code) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  RefusalMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void refused(Protocol protocol, GrpcCode code) {
    counters.computeIfAbsent(new Key(protocol, code), this::counter).increment();
  }

  private Counter counter(Key key) {
    return Counter.builder("caravan.receiver.refused.requests")
        .description("Requests of senders that were answered with anything but success")
        .tag("protocol", key.protocol().name().toLowerCase(Locale.ROOT))
        .tag("code", key.code().name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
