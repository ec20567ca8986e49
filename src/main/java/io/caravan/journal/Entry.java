/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What is appended.
 *
 * @param signal the caller's own number for traces, metrics or logs; kept as it is
 * @param origin the caller's own number for where it came from; kept as it is
 * @param time when it arrived, in milliseconds since 1970
 * @param records in the payload
 * @param lane the same for all that has to stay in order
 * @param targets who takes it, at least one
 * @param payload its readable bytes; the journal releases it once when it has answered
 * @param durable whether it must survive a power loss before the answer; else a crash of the
 *     machine loses it, a crash of the process does not
 */
public record Entry(
    byte signal,
    byte origin,
    long time,
    int records,
    long lane,
    List<Target> targets,
    ByteBuf payload,
    boolean durable) {
  public Entry {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("an entry that nobody takes");
    }
  }

  /** Bytes that are written in front of the payload. */
  long headerLength() {
    long length = RecordHeader.FIXED_LENGTH;
    for (Target target : targets) {
      length += TargetHeader.FIXED_LENGTH + target.resources().length;
    }
    return length;
  }
}
