/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

/** Text that is not YAML, or YAML that is not a Kubernetes resource; says where and why. */
public final class YamlException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Place place;

  YamlException(Place place, String message) {
    super(message);
    this.place = place;
  }

  public Place place() {
    return place;
  }
}
