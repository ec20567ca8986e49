/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/** A value that stands in the manifest itself or in a Secret. */
public sealed interface ValueType {

  /** The value as plain text; a number or boolean of a Kamelet's property is its text. */
  record Literal(String value) implements ValueType {}

  /** The value of one key of a Secret of any namespace. */
  record SecretKeyRef(String name, String namespace, String key) implements ValueType {}
}
