/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * One request that is sent over and over, at most once at a time. Belongs to the generator's event
 * loop.
 */
abstract class Request {

  /** Bytes of its protobuf, before compression. */
  final int contentBytes;

  /** When it was due, of {@link System#nanoTime}. */
  long due;

  Answer answer = Answer.NONE;

  /** What the answer says, for the message of the last failure. */
  String status = "no answer";

  Request(int contentBytes) {
    this.contentBytes = contentBytes;
  }

  /** Sends it on its connection, which tells when it has been answered. */
  abstract void send();

  /** Frees its memory; nothing of it may be in flight. */
  abstract void release();
}
