/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import java.util.Comparator;

/** Which Secret. */
public record SecretName(String namespace, String name) implements Comparable<SecretName> {
  private static final Comparator<SecretName> ORDER =
      Comparator.comparing(SecretName::namespace).thenComparing(SecretName::name);

  @Override
  public int compareTo(SecretName other) {
    return ORDER.compare(this, other);
  }

  /** For people: {@code shop/backend}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
