/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.admission.WebhookAddress;
import io.caravan.manager.admission.WebhookServer;
import io.caravan.manager.cluster.Applier;
import io.caravan.manager.cluster.Leadership;
import io.caravan.manager.control.ControlEndpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller: answers webhooks from its start on, and acts as long as it holds the lease. All
 * of its decisions are functions in the packages below.
 */
public final class Manager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

  /** Of rounds: what a thousand changes at once ask for is a few of them. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  private static final int ROUNDS_IN_PERIOD = 2;

  private final ManagerSettings settings;
  private final KubernetesClient client;
  private final MeterRegistry metrics;
  private final Runnable lost;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean closed;

  private Manager(
      ManagerSettings settings, KubernetesClient client, MeterRegistry metrics, Runnable lost) {
    this.settings = settings;
    this.client = client;
    this.metrics = metrics;
    this.lost = lost;
  }

  /**
   * Starts a manager.
   *
   * @param address where the webhooks are listened for; port 0 for any
   * @param webhooks how an API server reaches them, by the port that they got
   * @param leading is called when it holds the lease and acts
   * @param lost is called when it holds it no longer: the process has to end
   * @throws IOException if the address cannot be listened on
   * @throws GeneralSecurityException if cert-manager is to issue the webhooks' certificate and has
   *     not yet
   */
  public static Manager start(
      ManagerSettings settings,
      KubernetesClient client,
      MeterRegistry metrics,
      InetSocketAddress address,
      IntFunction<WebhookAddress> webhooks,
      Runnable leading,
      Runnable lost)
      throws IOException, GeneralSecurityException {
    Manager manager = new Manager(settings, client, metrics, lost);
    try {
      manager.start(address, webhooks, leading);
      return manager;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private void start(
      InetSocketAddress address, IntFunction<WebhookAddress> webhooks, Runnable leading)
      throws IOException, GeneralSecurityException {
    WebhookUpkeep upkeep = own(WebhookUpkeep.begin(client, settings.namespace(), Instant.now()));
    WebhookServer server = own(WebhookServer.start(address, upkeep.shown()));
    server.serve(
        ControlEndpoint.PREFIX,
        own(
            ControlEndpoint.open(
                client,
                settings.namespace(),
                () -> PlanToken.stored(client, settings.namespace()).orElse(""))));
    upkeep.reachedBy(webhooks.apply(server.port()));
    own(
        Leadership.stand(
            client,
            settings.namespace(),
            ManagerSettings.LEASE,
            settings.identity(),
            () -> lead(upkeep, leading),
            lost));
    LOG.atInfo()
        .addKeyValue("namespace", settings.namespace())
        .addKeyValue("identity", settings.identity())
        .addKeyValue("webhooks", server.port())
        .log("Waiting for the lease {}", ManagerSettings.LEASE);
  }

  private void lead(WebhookUpkeep upkeep, Runnable leading) {
    try {
      Upgrade upgrade = own(new Upgrade(client, settings.namespace()));
      Operator operator =
          new Operator(
              configuration ->
                  configuration
                      .withKubernetesClient(client)
                      .withCloseClientOnStop(false)
                      .withConcurrentReconciliationThreads(2)
                      // What cannot be watched at first is tried again by its informer.
                      .withStopOnInformerErrorDuringStartup(false)
                      .withReconciliationTerminationTimeout(Duration.ofSeconds(10)));
      Reconciliation reconciliation =
          own(new Reconciliation(settings, client, upkeep, upgrade, metrics));
      var _ =
          operator.register(
              reconciliation,
              controller ->
                  controller
                      .withName("installation")
                      .withGenerationAware(false)
                      .withFieldManager(Applier.FIELD_MANAGER)
                      .withLabelSelector("kubernetes.io/metadata.name=" + settings.namespace())
                      .withRateLimiter(new LinearRateLimiter(PERIOD, ROUNDS_IN_PERIOD))
                      .withRetry(
                          new GenericRetry()
                              .setInitialInterval(Duration.ofSeconds(1))
                              .setIntervalMultiplier(2)
                              .setMaxInterval(LONGEST_RETRY.toMillis())
                              .withoutMaxAttempts()));
      own(operator::stop);
      upkeep.registerConversion(Instant.now());
      operator.start();
      leading.run();
    } catch (RuntimeException e) {
      if (isClosed()) {
        return; // asked to stop before it had begun
      }
      LOG.error("The manager cannot act; it ends, and whoever started it starts it again", e);
      lost.run();
    }
  }

  /** What is made while this closes must not act: the lease may be another one's already. */
  private synchronized <T extends AutoCloseable> T own(T part) {
    if (closed) {
      throw new IllegalStateException("the manager is closed");
    }
    parts.push(part);
    return part;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Acts no more, within some seconds, and gives the lease to who waits for it. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("A part of the manager did not close well", e);
      }
    }
  }
}
