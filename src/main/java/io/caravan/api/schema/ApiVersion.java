/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

/** The versions of the kinds whose definitions are ours. */
public enum ApiVersion {
  /** The older version of what users of the predecessor have; served, deprecated, never stored. */
  V1ALPHA1("v1alpha1"),
  V1BETA1("v1beta1");

  private final String version;

  ApiVersion(String version) {
    this.version = version;
  }

  /** As in an {@code apiVersion}: {@code v1beta1}. */
  public String version() {
    return version;
  }

  @Override
  public String toString() {
    return version;
  }
}
