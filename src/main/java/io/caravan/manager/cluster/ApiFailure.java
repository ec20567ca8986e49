/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** Why an API server did not do something, for people. */
final class ApiFailure {
  private ApiFailure() {}

  /** The API server's own words where it has said something. */
  static String text(KubernetesClientException failure) {
    if (failure.getStatus() != null && failure.getStatus().getMessage() != null) {
      return failure.getStatus().getMessage();
    }
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : "%s (%s)".formatted(failure.getMessage(), cause.getMessage());
  }
}
