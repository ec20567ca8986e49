/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.upgrade.Leftovers;
import io.caravan.manager.upgrade.StoredVersions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does once, on a thread of its own, to an installation of the predecessor; tried
 * again until it is done. What it finds done costs some fifty reads.
 */
final class Upgrade implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** Within it every API server has taken the registrations of the webhooks in. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private static final Set<String> REGISTRATIONS =
      Set.of(
          "CustomResourceDefinition",
          "MutatingWebhookConfiguration",
          "ValidatingWebhookConfiguration");

  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final Leftovers leftovers;
  private final StoredVersions stored;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("upgrade").factory());

  Upgrade(KubernetesClient client, String namespace) {
    this.leftovers = new Leftovers(client, namespace);
    this.stored = new StoredVersions(client);
  }

  /**
   * A round has been run: if the webhooks are registered, which whatever is stored anew passes, it
   * begins.
   *
   * @param failures of the round
   */
  void roundRun(Map<ObjectKey, String> failures) {
    boolean registered =
        failures.keySet().stream().noneMatch(one -> REGISTRATIONS.contains(one.kind()));
    if (registered && begun.compareAndSet(false, true)) {
      after(SETTLED);
    }
  }

  private void after(Duration wait) {
    var _ = thread.schedule(this::run, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    boolean removed = succeeds(() -> tell("left by the predecessor", leftovers.delete()));
    boolean rewritten = succeeds(this::rewrite);
    if (removed && rewritten) {
      LOG.info("Nothing is left of the predecessor");
    } else {
      after(AGAIN);
    }
  }

  private boolean rewrite() {
    boolean all = true;
    for (ResourceKind kind : ResourceKind.values()) {
      StoredVersions.Outcome outcome = stored.rewrite(kind);
      if (outcome.rewritten() > 0) {
        LOG.atInfo()
            .addKeyValue("kind", kind.kind())
            .addKeyValue("version", kind.stored().version())
            .addKeyValue("objects", outcome.rewritten())
            .log("Stored anew, in the present version");
      }
      all &= tell("stored in an older version", outcome.refused());
    }
    return all;
  }

  /** Says what could not be done, and whether there was nothing to say. */
  private static boolean tell(String what, Map<String, String> failures) {
    failures.forEach(
        (object, why) ->
            LOG.atWarn()
                .addKeyValue("object", object)
                .addKeyValue("why", why)
                .log("Upgrade: {}; tried again", what));
    return failures.isEmpty();
  }

  private static boolean succeeds(BooleanSupplier step) {
    try {
      return step.getAsBoolean();
    } catch (RuntimeException e) {
      // A thread that ended with it would leave the rest undone for good.
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("Upgrade: not done; tried again");
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
