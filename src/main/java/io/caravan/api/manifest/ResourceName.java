/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import java.util.Optional;

/**
 * What tells two resources apart.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record ResourceName(String kind, Optional<String> namespace, String name) {

  /** {@code TracePipeline demo} or {@code Secret default/backend}. */
  @Override
  public String toString() {
    return kind + " " + namespace.map(space -> space + "/").orElse("") + name;
  }
}
