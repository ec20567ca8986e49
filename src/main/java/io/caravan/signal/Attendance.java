/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.time.Duration;

/**
 * Who attends to a replay.
 *
 * @param key whoever begins a replay with the key of one that there is asks how far that is; empty
 *     for one that is always another
 * @param patience the replay stops when nobody has asked for it for so long
 */
public record Attendance(String key, Duration patience) {
  /** A person's, who waits for it. */
  public static final Attendance OF_A_COMMAND = new Attendance("", Duration.ofSeconds(10));
}
