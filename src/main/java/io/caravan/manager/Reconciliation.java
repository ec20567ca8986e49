/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.cluster.ClusterWatch;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.cluster.RoundRequests;
import io.caravan.manager.cluster.SecretWatch;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thing that is reconciled is the installation, for which the manager's Namespace stands:
 * whatever changes asks for one more round, and what changes meanwhile for one more after it.
 */
final class Reconciliation implements Reconciler<Namespace>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** How long nothing may happen before the world is looked at again all the same. */
  private static final Duration RESYNC = Duration.ofMinutes(1);

  /** How soon to look again while pods have something to take. */
  private static final Duration UNSETTLED = Duration.ofSeconds(5);

  /** The next round goes on where this one has stopped; what has changed meanwhile comes first. */
  private static final Duration AT_ONCE = Duration.ofMillis(10);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final int DOUBLINGS = 6;

  private final ManagerSettings settings;
  private final KubernetesClient client;
  private final WebhookUpkeep webhooks;
  private final Upgrade upgrade;
  private final Timer rounds;
  private @Nullable Round round;
  private SortedMap<ObjectKey, String> failures = new TreeMap<>();
  private int failed;

  Reconciliation(
      ManagerSettings settings,
      KubernetesClient client,
      WebhookUpkeep webhooks,
      Upgrade upgrade,
      MeterRegistry metrics) {
    this.settings = settings;
    this.client = client;
    this.webhooks = webhooks;
    this.upgrade = upgrade;
    this.rounds =
        Timer.builder("caravan.manager.rounds")
            .description("Rounds of the manager: plan, apply, report")
            .register(metrics);
    var _ =
        Gauge.builder("caravan.manager.failures", this, Reconciliation::unwritten)
            .description("Objects that could not be written in the last round")
            .register(metrics);
  }

  @Override
  public List<EventSource<?, Namespace>> prepareEventSources(
      EventSourceContext<Namespace> context) {
    ClusterWatch watch = new ClusterWatch(settings.namespace(), context);
    SecretWatch secrets = new SecretWatch(client, settings.namespace());
    RoundRequests requests = new RoundRequests(settings.namespace());
    round = new Round(settings, client, watch, secrets, requests, webhooks);
    List<EventSource<?, Namespace>> sources = new ArrayList<>(watch.sources());
    sources.add(secrets);
    sources.add(requests);
    return sources;
  }

  @Override
  public UpdateControl<Namespace> reconcile(Namespace namespace, Context<Namespace> context)
      throws InterruptedException {
    Round prepared = round;
    if (prepared == null) {
      throw new IllegalStateException("reconciled before anything is watched");
    }
    long began = System.nanoTime();
    SortedMap<ObjectKey, String> now = prepared.run(Instant.now());
    rounds.record(Duration.ofNanos(System.nanoTime() - began));
    tell(now);
    upgrade.roundRun(now);
    return UpdateControl.<Namespace>noUpdate().rescheduleAfter(next(prepared, now));
  }

  private synchronized void tell(SortedMap<ObjectKey, String> now) {
    now.forEach(
        (object, why) -> {
          if (!why.equals(failures.get(object))) {
            LOG.atWarn()
                .addKeyValue("object", object)
                .addKeyValue("why", why)
                .log("Could not be written; tried again");
          }
        });
    if (now.isEmpty() && !failures.isEmpty()) {
      LOG.info("Everything could be written again");
    }
    failures = now;
  }

  private synchronized int unwritten() {
    return failures.size();
  }

  private Duration next(Round done, SortedMap<ObjectKey, String> now) {
    if (now.isEmpty()) {
      failed = 0;
      if (done.isUnfinished()) {
        return AT_ONCE;
      }
      return done.isSettled() ? RESYNC : UNSETTLED;
    }
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failed, DOUBLINGS));
    failed++;
    return wait.compareTo(RESYNC) < 0 ? wait : RESYNC;
  }

  /** Asks nobody any more. */
  @Override
  public void close() {
    Round last = round;
    if (last != null) {
      last.close();
    }
  }
}
