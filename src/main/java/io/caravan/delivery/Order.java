/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

/** {@code spec.delivery.order}: which batches may overtake which. */
public enum Order {
  /** Those of a sender arrive in the order in which it sent them. */
  SENDER,
  /** Any may overtake any. */
  NONE
}
