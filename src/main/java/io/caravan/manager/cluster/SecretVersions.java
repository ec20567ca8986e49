/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a watch of Secrets remembers: which there are, and in which version. There may be very many,
 * and most of them are nothing to us. Thread-safe.
 */
final class SecretVersions implements ItemStore<Secret> {
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  @Override
  public String getKey(Secret secret) {
    return Cache.metaNamespaceKeyFunc(secret);
  }

  @Override
  public @Nullable Secret put(String key, Secret secret) {
    return named(key, versions.put(key, secret.getMetadata().getResourceVersion()));
  }

  @Override
  public @Nullable Secret remove(String key) {
    return named(key, versions.remove(key));
  }

  @Override
  public Stream<String> keySet() {
    return versions.keySet().stream();
  }

  @Override
  public Stream<Secret> values() {
    return versions.entrySet().stream().map(each -> secret(each.getKey(), each.getValue()));
  }

  @Override
  public int size() {
    return versions.size();
  }

  @Override
  public @Nullable Secret get(String key) {
    return named(key, versions.get(key));
  }

  /** Without their data: the first list is told as the API server has sent it. */
  @Override
  public boolean isFullState() {
    return false;
  }

  private static @Nullable Secret named(String key, @Nullable String version) {
    return version == null ? null : secret(key, version);
  }

  private static Secret secret(String key, String version) {
    int slash = key.indexOf('/');
    ObjectMeta metadata = new ObjectMeta();
    metadata.setNamespace(key.substring(0, slash));
    metadata.setName(key.substring(slash + 1));
    metadata.setResourceVersion(version);
    Secret secret = new Secret();
    secret.setMetadata(metadata);
    return secret;
  }
}
