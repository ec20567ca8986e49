/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/**
 * What a place holds of one origin.
 *
 * @param origin see {@link Entry#origin}
 */
public record Held(byte origin, long records, long bytes) {
  Held plus(Held other) {
    return new Held(origin, records + other.records, bytes + other.bytes);
  }
}
