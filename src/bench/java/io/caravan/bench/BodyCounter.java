/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;

/** Finds out what one request holds, from its bytes in pieces. Not thread-safe. */
interface BodyCounter {

  /** Reads {@code length} bytes off the buffer. */
  void read(ByteBuf bytes, int length);

  /** Says what the request held, which is whole now. Called once. */
  Content end();

  /** Frees what it holds of a request that is never whole, or has been counted. */
  void discard();
}
