/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/** One of the two requests that a request is divided into. */
enum Half {
  FIRST,
  SECOND
}
