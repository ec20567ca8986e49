/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One Secret that is referred to, as it was last seen. Thread-safe. */
final class WantedSecret {
  private final SecretName name;
  private final Set<String> keys;
  private @Nullable Secret secret;
  private String version = "";

  WantedSecret(SecretName name, Set<String> keys) {
    this.name = name;
    this.keys = keys;
  }

  SecretName name() {
    return name;
  }

  Set<String> keys() {
    return keys;
  }

  synchronized Optional<Secret> secret() {
    return Optional.ofNullable(secret);
  }

  /** Asks for it, where a watch does not tell it by itself. */
  void fetch(KubernetesClient client) {
    io.fabric8.kubernetes.api.model.Secret found =
        client.secrets().inNamespace(name.namespace()).withName(name.name()).get();
    if (found != null) {
      var _ = see(found);
    }
  }

  /** Whether something that is referred to has changed by it. */
  synchronized boolean see(io.fabric8.kubernetes.api.model.Secret full) {
    String next = full.getMetadata().getResourceVersion();
    if (ResourceVersions.isOlder(next, version)) {
      return false;
    }
    version = next;
    Map<String, SecretValue> data = new HashMap<>();
    if (full.getData() != null) {
      full.getData()
          .forEach(
              (key, value) -> {
                if (keys.contains(key)) {
                  data.put(key, SecretValue.of(Base64.getDecoder().decode(value)));
                }
              });
    }
    Secret now = new Secret(name.name(), name.namespace(), data);
    if (now.equals(secret)) {
      return false; // the same object stays: whoever compares it is done at once
    }
    secret = now;
    return true;
  }

  synchronized void forget() {
    secret = null;
    version = "";
  }
}
