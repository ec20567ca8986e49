/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

/** How an exporter compresses what it sends. */
public enum Compression {
  NONE,
  GZIP
}
