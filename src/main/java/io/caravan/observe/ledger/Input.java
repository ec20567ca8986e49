/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.Locale;

/** Through which input of a pipeline records came. The order is part of the format on disk. */
public enum Input {
  OTLP,
  RUNTIME,
  PROMETHEUS,
  ISTIO;

  /** What it is on disk, in every version of the program: new ones go to the end. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  public byte code() {
    return (byte) ordinal();
  }

  /** As in {@code spec.input} and in metrics: {@code otlp}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
