/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

/**
 * Resource versions, which Kubernetes has promised to be numbers that grow, since 1.35, and which
 * they have always been on etcd.
 */
final class ResourceVersions {
  private ResourceVersions() {}

  /** Whether one state of an object is of before another; an empty version is before all. */
  static boolean isOlder(String one, String other) {
    if (other.isEmpty()) {
      return false;
    }
    if (one.isEmpty()) {
      return true;
    }
    return one.length() == other.length()
        ? one.compareTo(other) < 0
        : one.length() < other.length();
  }
}
