/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.api.Secret;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of the Secrets that are referred to. One that is in neither does not exist.
 *
 * @param secrets with the keys that are referred to
 * @param unread those of which nobody can say whether they exist, and why, for people
 */
public record SecretsSeen(List<Secret> secrets, SortedMap<SecretName, String> unread) {

  public SecretsSeen {
    secrets = List.copyOf(secrets);
    unread = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(unread));
  }

  /** Nothing is referred to. */
  public static final SecretsSeen NONE = new SecretsSeen(List.of(), new TreeMap<>(Map.of()));
}
