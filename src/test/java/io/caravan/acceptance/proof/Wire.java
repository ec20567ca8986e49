/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.util.function.Consumer;

/** A server of one of OTLP's protocols, which leaves the answer to somebody else. */
interface Wire extends AutoCloseable {

  /** Decides on requests. */
  @FunctionalInterface
  interface Handler {

    /** Takes the message of a request, uncompressed; the answer may be given later or never. */
    void handle(byte[] request, Consumer<Reply.Answer> answer);
  }

  /** The port it listens on. */
  int port();

  @Override
  void close();
}
