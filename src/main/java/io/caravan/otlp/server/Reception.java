/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all connections of one server share.
 *
 * @param arriving the memory of the requests that are not whole yet
 * @param handler takes those that are
 * @param access who may send
 * @param cors which web pages may send
 */
record Reception(
    ServerSettings settings,
    Arriving arriving,
    BatchHandler handler,
    Access access,
    Cors cors,
    PeerLog peers,
    Refusals refusals) {

  /** A body that begins to arrive; {@code announced} is its length in bytes, -1 if unknown. */
  ArrivingBody begin(ChannelHandlerContext ctx, long announced) {
    return new ArrivingBody(arriving, ctx, announced, settings.maxRequestSize());
  }

  /** How often a connection looks for what has taken too long, in milliseconds. */
  long watchPeriod() {
    long shortest =
        Math.min(settings.requestTimeout().toMillis(), settings.idleTimeout().toMillis());
    return Math.max(1, shortest / 2);
  }

  /**
   * When a connection that opens now is to end, in milliseconds: the maximum age, a tenth more or
   * less, so that those that came together do not go together.
   */
  long age() {
    long most = settings.maxConnectionAge().toMillis();
    return most - most / 10 + ThreadLocalRandom.current().nextLong(1 + most / 5);
  }
}
