/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch of Secrets, whose own cache has their names only. */
final class ScopeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private final SecretScope scope;
  private final SharedIndexInformer<Secret> informer;
  private final Runnable changed;
  private volatile @Nullable String failure;

  private ScopeWatch(SecretScope scope, SharedIndexInformer<Secret> informer, Runnable changed) {
    this.scope = scope;
    this.informer = informer;
    this.changed = changed;
  }

  static ScopeWatch start(
      SecretScope scope,
      KubernetesClient client,
      Consumer<Secret> seen,
      Consumer<Secret> gone,
      Runnable changed) {
    SharedIndexInformer<Secret> informer = secrets(scope, client).runnableInformer(0);
    ScopeWatch watch = new ScopeWatch(scope, informer, changed);
    var _ =
        informer
            .itemStore(new SecretVersions())
            .exceptionHandler((_, thrown) -> watch.failed(thrown))
            .addEventHandler(
                new ResourceEventHandler<Secret>() {
                  @Override
                  public void onAdd(Secret secret) {
                    seen.accept(secret);
                  }

                  @Override
                  public void onUpdate(Secret before, Secret now) {
                    seen.accept(now);
                  }

                  @Override
                  public void onDelete(Secret secret, boolean unknown) {
                    gone.accept(secret);
                  }
                });
    informer.start().whenComplete((_, thrown) -> watch.started(thrown));
    return watch;
  }

  private static Informable<Secret> secrets(SecretScope scope, KubernetesClient client) {
    if (scope.namespace().isEmpty()) {
      return client.secrets().inAnyNamespace();
    }
    return scope.name().isEmpty()
        ? client.secrets().inNamespace(scope.namespace())
        : client.secrets().inNamespace(scope.namespace()).withName(scope.name());
  }

  private void started(@Nullable Throwable thrown) {
    if (thrown == null) {
      failure = null;
      changed.run(); // what is not there is known now, too
    }
  }

  /** For ever: whoever grants the right later is not to restart anything. */
  private boolean failed(Throwable thrown) {
    String why =
        thrown instanceof KubernetesClientException refused && refused.getStatus() != null
            ? String.valueOf(refused.getStatus().getMessage())
            : String.valueOf(thrown.getMessage());
    if (!why.equals(failure)) {
      LOG.atWarn()
          .addKeyValue("scope", scope)
          .addKeyValue("why", why)
          .log("Secrets cannot be watched; tried again");
      failure = why;
      changed.run();
    }
    return true;
  }

  /** Whether this watch may have told already what there is of a Secret, and will not again. */
  boolean hasTold(SecretName name) {
    return informer.hasSynced()
        || informer.getStore().getByKey(name.namespace() + "/" + name.name()) != null;
  }

  void awaitSynced(Duration patience) throws InterruptedException {
    if (informer.hasSynced() || failure != null) {
      return;
    }
    try {
      informer.start().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      if (failure == null) {
        failure = "the API server has not answered within %s".formatted(patience);
      }
    }
  }

  /** Why nothing is known; empty if it is. */
  Optional<String> failure() {
    return informer.hasSynced() ? Optional.empty() : Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    informer.close();
  }
}
