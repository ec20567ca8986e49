/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards as the API server has them: one watch an object, by name, since a node may read no
 * other. Informers list again by themselves, whatever ends a watch. An object that is deleted is
 * remembered as it was: whoever deletes it has not told anybody to stop a pipeline. Thread-safe.
 */
public final class PlanWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private final Runnable changed;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final AtomicBoolean away = new AtomicBoolean();

  // Guarded by this.
  private final SortedMap<Integer, SortedMap<String, String>> configs = new TreeMap<>();
  private final SortedMap<Integer, SortedMap<String, String>> secrets = new TreeMap<>();

  private PlanWatch(Runnable changed) {
    this.changed = changed;
  }

  /**
   * Watches from now on, also if the API server is away at first.
   *
   * @param changed is called by any thread when {@link #shards} may be others; it must not wait
   */
  public static PlanWatch start(KubernetesClient client, String namespace, Runnable changed) {
    PlanWatch watch = new PlanWatch(changed);
    for (int i = 0; i < Shard.COUNT; i++) {
      int number = i;
      String name = Shard.name(number);
      watch.follow(
          client.configMaps().inNamespace(namespace).withName(name),
          config -> watch.config(number, config));
      watch.follow(
          client.secrets().inNamespace(namespace).withName(name),
          secret -> watch.secret(number, secret));
    }
    return watch;
  }

  private <T extends HasMetadata> void follow(Resource<T> resource, Consumer<T> seen) {
    SharedIndexInformer<T> informer = resource.runnableInformer(0);
    informers.add(informer);
    BiConsumer<T, T> updated = (_, now) -> seen.accept(now);
    var _ =
        informer
            .exceptionHandler((_, failure) -> tryAgain(failure))
            .addEventHandler(
                new ResourceEventHandler<T>() {
                  @Override
                  public void onAdd(T object) {
                    seen.accept(object);
                  }

                  @Override
                  public void onUpdate(T before, T now) {
                    updated.accept(before, now);
                  }

                  @Override
                  public void onDelete(T object, boolean unknown) {
                    LOG.atWarn()
                        .addKeyValue("object", object.getMetadata().getName())
                        .log("A part of the plan was deleted; what it held goes on");
                  }
                })
            .start();
  }

  /** For ever: there is nobody else to follow the plan. */
  private boolean tryAgain(Throwable failure) {
    if (away.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("why", String.valueOf(failure))
          .log("The plan cannot be watched; what runs goes on");
    }
    return true;
  }

  private void config(int number, ConfigMap config) {
    Map<String, String> data = config.getData();
    synchronized (this) {
      configs.put(number, data == null ? new TreeMap<>() : new TreeMap<>(data));
    }
    seen();
  }

  private void secret(int number, Secret secret) {
    Map<String, String> data = secret.getData();
    SortedMap<String, String> texts = new TreeMap<>();
    if (data != null) {
      data.forEach((key, value) -> texts.put(key, decoded(value)));
    }
    synchronized (this) {
      secrets.put(number, texts);
    }
    seen();
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private void seen() {
    if (away.compareAndSet(true, false)) {
      LOG.info("The plan is watched again");
    }
    changed.run();
  }

  /** Those of which both objects were seen, by number. */
  synchronized SortedMap<Integer, Shard> shards() {
    SortedMap<Integer, Shard> shards = new TreeMap<>();
    configs.forEach(
        (number, config) -> {
          SortedMap<String, String> secret = secrets.get(number);
          if (secret != null) {
            shards.put(number, new Shard(number, config, secret));
          }
        });
    return shards;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }
}
