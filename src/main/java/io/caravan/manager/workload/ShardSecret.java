/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Secret of a shard, whose data is made when it is sent: in base64 it would be in memory a
 * second time for as long as it stays as it is. Equal to itself only.
 */
public final class ShardSecret extends Secret {
  private static final long serialVersionUID = 1;

  private final transient Shard shard;

  ShardSecret(ObjectMeta metadata, Shard shard) {
    this.shard = shard;
    setMetadata(metadata);
  }

  /** As an API server takes it. */
  public Secret whole() {
    return new SecretBuilder()
        .withMetadata(getMetadata())
        .withType("Opaque")
        .withData(encoded(shard.secret()))
        .build();
  }

  static SortedMap<String, String> encoded(SortedMap<String, String> texts) {
    SortedMap<String, String> data = new TreeMap<>();
    texts.forEach(
        (key, text) ->
            data.put(
                key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return data;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
