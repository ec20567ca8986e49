/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.manager.workload.ShardSecret;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes objects as they are desired, by server-side apply, and remembers what came of it: an object
 * that is as it was after the last apply is not sent again. One thread.
 */
public final class Applier {
  /** The owner of our fields. */
  public static final String FIELD_MANAGER = "caravan";

  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private final KubernetesClient client;
  private final Fingerprint fingerprint;
  private final Takeover takeover;
  private final Map<ObjectKey, Done> done = new HashMap<>();

  /**
   * @param desired what was applied
   * @param answer the object as the API server answered, without the data of plans
   * @param version of the object since then
   * @param fingerprint of the object since then
   */
  private record Done(
      HasMetadata desired, HasMetadata answer, String version, String fingerprint) {}

  public Applier(KubernetesClient client) {
    this.client = client;
    this.fingerprint = new Fingerprint(client.getKubernetesSerialization());
    this.takeover = new Takeover(client);
  }

  /**
   * Applies what is not as desired, in the order of the list. One failure does not keep the others
   * from being applied.
   *
   * @param live what the watches have seen
   * @return why something could not be applied, for people
   */
  public SortedMap<ObjectKey, String> apply(
      List<HasMetadata> desired, Map<ObjectKey, HasMetadata> live) {
    SortedMap<ObjectKey, String> failures = new TreeMap<>();
    List<HasMetadata> open =
        desired.stream()
            .filter(one -> !isDone(ObjectKey.of(one), one, live.get(ObjectKey.of(one))))
            .toList();
    // All of them before the first is applied: a service is to find its pods throughout.
    open.forEach(one -> prepare(one, failures));
    for (HasMetadata each : open) {
      ObjectKey key = ObjectKey.of(each);
      if (!failures.containsKey(key)) {
        try {
          apply(key, each, live.get(key));
        } catch (KubernetesClientException e) {
          done.remove(key);
          failures.put(key, ApiFailure.text(e));
        }
      }
    }
    return failures;
  }

  /** What was applied by this process is as we want it: only before that others may have. */
  private void prepare(HasMetadata desired, SortedMap<ObjectKey, String> failures) {
    ObjectKey key = ObjectKey.of(desired);
    if (done.containsKey(key) || !Takeover.concerns(desired)) {
      return;
    }
    try {
      takeover.prepare(desired).ifPresent(why -> failures.put(key, why));
    } catch (KubernetesClientException e) {
      failures.put(key, ApiFailure.text(e));
    }
  }

  private boolean isDone(ObjectKey key, HasMetadata desired, @Nullable HasMetadata live) {
    Done last = done.get(key);
    if (last == null || live == null || !last.desired.equals(desired)) {
      return false;
    }
    String version = live.getMetadata().getResourceVersion();
    if (version.equals(last.version) || ResourceVersions.isOlder(version, last.version)) {
      return true; // the watch has not seen the apply yet
    }
    String now = fingerprint.of(live);
    if (now.equals(last.fingerprint)) {
      done.put(key, new Done(desired, live, version, now)); // only its status
      return true;
    }
    return false;
  }

  private void apply(ObjectKey key, HasMetadata desired, @Nullable HasMetadata live) {
    HasMetadata whole = desired instanceof ShardSecret shard ? shard.whole() : desired;
    HasMetadata now =
        client.resource(whole).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    String version = now.getMetadata().getResourceVersion();
    Done last = done.get(key);
    boolean written =
        (last == null || !last.version.equals(version))
            && (live == null || !live.getMetadata().getResourceVersion().equals(version));
    if (written) {
      LOG.atInfo().addKeyValue("object", key).log("Applied");
    }
    HasMetadata answer = pruned(now);
    done.put(key, new Done(desired, answer, version, fingerprint.of(answer)));
  }

  /** As the watches keep it. */
  private static HasMetadata pruned(HasMetadata object) {
    return switch (object) {
      case Secret secret -> Pruned.secret(secret);
      case ConfigMap config -> Pruned.configMap(config);
      case CustomResourceDefinition definition -> Pruned.definition(definition);
      default -> object;
    };
  }

  /** What the watches have seen, and of it where they are behind what was answered to an apply. */
  public Map<ObjectKey, HasMetadata> newest(Map<ObjectKey, HasMetadata> live) {
    Map<ObjectKey, HasMetadata> newest = new HashMap<>(live);
    done.forEach(
        (key, last) -> {
          HasMetadata seen = live.get(key);
          if (seen == null
              || ResourceVersions.isOlder(seen.getMetadata().getResourceVersion(), last.version)) {
            newest.put(key, last.answer);
          }
        });
    return newest;
  }

  /**
   * Deletes objects, with what belongs to them.
   *
   * @return why something could not be deleted, for people
   */
  public SortedMap<ObjectKey, String> delete(Collection<HasMetadata> objects) {
    SortedMap<ObjectKey, String> failures = new TreeMap<>();
    for (HasMetadata each : objects) {
      ObjectKey key = ObjectKey.of(each);
      done.remove(key);
      if (each.isMarkedForDeletion()) {
        continue;
      }
      try {
        var _ =
            client.resource(each).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
        LOG.atInfo().addKeyValue("object", key).log("Deleted: nothing needs it any more");
      } catch (KubernetesClientException e) {
        failures.put(key, ApiFailure.text(e));
      }
    }
    return failures;
  }
}
