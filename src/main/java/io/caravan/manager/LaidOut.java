/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.PipelineId;
import io.caravan.manager.round.ShardMemo;
import io.caravan.plan.Plan;
import io.caravan.plan.shard.Shard;
import io.caravan.plan.shard.Shards;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The plan as it was laid out last: what a new manager finds in the cluster, and what this one has
 * made of it since. One thread.
 */
final class LaidOut {
  private final KubernetesClient client;
  private final String namespace;
  private final ShardMemo layout = new ShardMemo();
  private @Nullable Shards last;

  LaidOut(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * The shards of the last round; of the first one those of the cluster.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if they cannot be read: then
   *     nobody knows which pipelines there were
   */
  Shards last() {
    Shards known = last;
    if (known == null) {
      known = new Shards(read(), new TreeMap<>());
      last = known;
    }
    return known;
  }

  /** What it says. */
  Plan plan() {
    return layout.plan(last().shards());
  }

  /**
   * Lays the plan of this round out.
   *
   * @param ended deleted pipelines of which nothing is left anywhere
   */
  Shards next(Plan plan, Set<PipelineId> ended, Instant now) {
    Shards next = layout.next(plan, last().shards(), ended, now);
    last = next;
    return next;
  }

  private List<Shard> read() {
    List<Shard> shards = new ArrayList<>();
    for (int number = 0; number < Shard.COUNT; number++) {
      String name = Shard.name(number);
      ConfigMap config = client.configMaps().inNamespace(namespace).withName(name).get();
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      if (config != null && config.getData() != null) {
        shards.add(
            new Shard(
                number,
                new TreeMap<>(config.getData()),
                decoded(Optional.ofNullable(secret).map(Secret::getData).orElse(Map.of()))));
      }
    }
    return shards;
  }

  private static SortedMap<String, String> decoded(Map<String, String> data) {
    SortedMap<String, String> texts = new TreeMap<>();
    data.forEach(
        (key, value) ->
            texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return texts;
  }
}
