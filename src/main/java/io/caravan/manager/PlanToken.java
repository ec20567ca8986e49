/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.workload.PlanObjects;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token with which the manager asks the data plane: the one that is stored, or a new one. */
final class PlanToken {
  private static final int BYTES = 32;

  private final KubernetesClient client;
  private final String namespace;
  private @Nullable String value;

  PlanToken(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The same as long as this process lives. Thread-safe. */
  synchronized String value() {
    String known = value;
    if (known == null) {
      known = stored(client, namespace).orElseGet(PlanToken::fresh);
      value = known;
    }
    return known;
  }

  /** What is stored now, by whatever manager; empty if nothing is. */
  static Optional<String> stored(KubernetesClient client, String namespace) {
    Secret secret =
        client.secrets().inNamespace(namespace).withName(PlanObjects.TOKEN_SECRET).get();
    return Optional.ofNullable(secret)
        .map(Secret::getData)
        .map(data -> data.get(PlanObjects.TOKEN_KEY))
        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
        .filter(text -> !text.isBlank());
  }

  private static String fresh() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
