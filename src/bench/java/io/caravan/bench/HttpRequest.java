/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;

/** A request over HTTP/1.1: it has a connection of its own, and its bytes lie ready. */
final class HttpRequest extends Request {

  private final HttpGeneratorConnection connection;
  private final ByteBuf bytes;

  /**
   * @param bytes head and body; one reference to them is its own from now on
   */
  HttpRequest(HttpGeneratorConnection connection, ByteBuf bytes, int contentBytes) {
    super(contentBytes);
    this.connection = connection;
    this.bytes = bytes;
  }

  @Override
  void send() {
    answer = Answer.NONE;
    status = "no answer";
    connection.send(this, bytes.retainedDuplicate());
  }

  @Override
  void release() {
    bytes.release();
  }
}
