/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.api.Secret;
import io.caravan.api.ValueType.SecretKeyRef;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Watches the Secrets that pipelines refer to, of any namespace, and keeps of them the keys that
 * are referred to and nothing else. Few of a namespace are watched by their names; more of it by
 * one watch of the namespace; and where that would still be too many watches for one connection, by
 * one of the whole cluster. Thread-safe.
 */
public final class SecretWatch extends AbstractEventSource<Secret, Namespace> {
  /** From so many names of a namespace on, one watch of it costs the API server less. */
  static final int NAMES = 10;

  /** An API server gives a connection about a hundred streams, and the manager has thirty more. */
  static final int WATCHES = 60;

  private final KubernetesClient client;
  private final ResourceID installation;

  // Guarded by this.
  private final Map<SecretName, WantedSecret> wanted = new HashMap<>();
  private final Map<SecretScope, ScopeWatch> watches = new HashMap<>();

  /**
   * @param namespace the manager's own, which is told of changes
   */
  public SecretWatch(KubernetesClient client, String namespace) {
    super(Secret.class, "secrets-of-pipelines");
    this.client = client;
    this.installation = new ResourceID(namespace);
  }

  /**
   * Watches these from now on and no others.
   *
   * @param references any number to one Secret
   */
  public synchronized void want(Collection<SecretKeyRef> references) {
    Map<SecretName, Set<String>> keys = new HashMap<>();
    for (SecretKeyRef each : references) {
      keys.computeIfAbsent(new SecretName(each.namespace(), each.name()), _ -> new HashSet<>())
          .add(each.key());
    }
    wanted.keySet().retainAll(keys.keySet());
    List<WantedSecret> more = new ArrayList<>();
    keys.forEach(
        (name, all) -> {
          WantedSecret before = wanted.get(name);
          if (before == null || !before.keys().containsAll(all)) {
            WantedSecret fresh = new WantedSecret(name, Set.copyOf(all));
            wanted.put(name, fresh);
            more.add(fresh);
          }
        });
    Set<ScopeWatch> standing = Set.copyOf(watches.values());
    watch(SecretScope.of(keys.keySet(), NAMES, WATCHES));
    for (WantedSecret each : more) {
      ScopeWatch watch = scope(each.name());
      // A watch that is up will not tell again what it dropped as of no interest; a new one will.
      if (standing.contains(watch) && watch.hasTold(each.name())) {
        each.fetch(client);
      }
    }
  }

  private void watch(Set<SecretScope> scopes) {
    for (SecretScope each : scopes) {
      watches.computeIfAbsent(each, this::start);
    }
    for (SecretScope gone : Set.copyOf(watches.keySet())) {
      if (!scopes.contains(gone)) {
        ScopeWatch watch = watches.remove(gone);
        if (watch != null) {
          watch.close();
        }
      }
    }
  }

  private ScopeWatch start(SecretScope scope) {
    return ScopeWatch.start(scope, client, this::seen, this::gone, this::changed);
  }

  private void seen(io.fabric8.kubernetes.api.model.Secret secret) {
    WantedSecret one = find(secret);
    if (one != null && one.see(secret)) {
      changed();
    }
  }

  private void gone(io.fabric8.kubernetes.api.model.Secret secret) {
    WantedSecret one = find(secret);
    if (one != null) {
      one.forget();
      changed();
    }
  }

  private synchronized @org.jspecify.annotations.Nullable WantedSecret find(
      io.fabric8.kubernetes.api.model.Secret secret) {
    return wanted.get(
        new SecretName(secret.getMetadata().getNamespace(), secret.getMetadata().getName()));
  }

  private void changed() {
    if (getEventHandler() != null) {
      getEventHandler().handleEvent(new Event(installation));
    }
  }

  private ScopeWatch scope(SecretName name) {
    for (SecretScope each : SecretScope.thatHold(name)) {
      ScopeWatch watch = watches.get(each);
      if (watch != null) {
        return watch;
      }
    }
    throw new IllegalStateException("nobody watches " + name);
  }

  /**
   * What is known, when all watches have told what there is.
   *
   * @param patience for how long to wait for those that have not
   */
  public SecretsSeen seen(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (ScopeWatch each : all()) {
      each.awaitSynced(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    return known();
  }

  private synchronized List<ScopeWatch> all() {
    return List.copyOf(watches.values());
  }

  private synchronized SecretsSeen known() {
    List<Secret> secrets = new ArrayList<>();
    SortedMap<SecretName, String> unread = new TreeMap<>();
    for (WantedSecret each : wanted.values()) {
      each.secret().ifPresent(secrets::add);
      if (each.secret().isEmpty()) {
        scope(each.name()).failure().ifPresent(why -> unread.put(each.name(), why));
      }
    }
    return new SecretsSeen(secrets, unread);
  }

  @Override
  public Set<Secret> getSecondaryResources(Namespace primary) {
    return Set.copyOf(known().secrets());
  }

  @Override
  public synchronized void stop() {
    super.stop();
    watches.values().forEach(ScopeWatch::close);
    watches.clear();
    wanted.clear();
  }
}
