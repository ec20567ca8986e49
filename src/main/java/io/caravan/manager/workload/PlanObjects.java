/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects that carry the plan to the data plane, all of them always, and the token with which
 * it is asked what it made of them. Objects of a shard that has not changed are made once. Not
 * thread-safe.
 */
public final class PlanObjects {
  /** The name of the token's Secret, and the key in it. */
  public static final String TOKEN_SECRET = Storage.TOKEN_SECRET;

  public static final String TOKEN_KEY = "token";

  private static final String NAME = "telemetry-plan";

  private final Installation installation;
  private final Map<Shard, List<HasMetadata>> made = new HashMap<>();

  public PlanObjects(Installation installation) {
    this.installation = installation;
  }

  /** The Secret before the ConfigMap of each shard: what is seen first is of use sooner so. */
  public List<HasMetadata> of(Collection<Shard> shards) {
    made.keySet().retainAll(shards);
    List<HasMetadata> objects = new ArrayList<>();
    shards.forEach(shard -> objects.addAll(made.computeIfAbsent(shard, this::objects)));
    return objects;
  }

  private List<HasMetadata> objects(Shard shard) {
    Secret secret = new ShardSecret(metadata(shard.name()), shard);
    ConfigMap config =
        new ConfigMapBuilder()
            .withMetadata(metadata(shard.name()))
            .withData(shard.config())
            .build();
    return List.of(secret, config);
  }

  /** The Secret with the token. */
  public HasMetadata token(String token) {
    SortedMap<String, String> data = new TreeMap<>();
    data.put(TOKEN_KEY, token);
    return new SecretBuilder()
        .withMetadata(metadata(TOKEN_SECRET))
        .withType("Opaque")
        .withData(ShardSecret.encoded(data))
        .build();
  }

  private ObjectMeta metadata(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(installation.namespace())
        .withLabels(Labels.of(NAME, Labels.PLAN))
        .build();
  }
}
