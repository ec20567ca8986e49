/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the predecessor's lease, so that of all managers, its own ones included, one acts at a
 * time. The lease is released at the end: the next one need not wait until it has run out.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  /**
   * For a request about the lease. One that is lost must not use up the time for a renewal, as it
   * would with what other requests may take, and be tried again.
   */
  private static final Duration REQUEST = Duration.ofSeconds(3);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("leader-", 0).factory());
  private final CompletableFuture<?> elected;
  private volatile boolean closing;

  private Leadership(
      KubernetesClient client,
      String namespace,
      String lease,
      String identity,
      Runnable leading,
      Runnable lost) {
    LeaderCallbacks callbacks =
        new LeaderCallbacks(
            () -> {
              LOG.info("Leading");
              executor.execute(leading); // the lease is renewed by the thread that calls this
            },
            () -> {
              if (!closing) {
                lost.run();
              }
            },
            leader -> LOG.atInfo().addKeyValue("leader", leader).log("Leader"));
    LeaderElector elector =
        new LeaderElectorBuilder(hasty(client), executor)
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(lease)
                    .withLock(new LeaseLock(namespace, lease, identity))
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEW)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(callbacks)
                    .build())
            .build();
    this.elected = elector.start();
  }

  private static KubernetesClient hasty(KubernetesClient client) {
    return client
        .newClient(
            new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout(Math.toIntExact(REQUEST.toMillis()))
                .withRequestRetryBackoffLimit(0)
                .build())
        .adapt(KubernetesClient.class);
  }

  /**
   * Stands for election from now on.
   *
   * @param identity who holds the lease: the name of the Pod
   * @param leading is called once, by a thread of its own, when the lease is held
   * @param lost is called when it is not any more: another one may act from now on
   */
  public static Leadership stand(
      KubernetesClient client,
      String namespace,
      String lease,
      String identity,
      Runnable leading,
      Runnable lost) {
    return new Leadership(client, namespace, lease, identity, leading, lost);
  }

  /** Releases the lease. */
  @Override
  public void close() {
    closing = true;
    var _ = elected.cancel(false);
    executor.shutdown();
    try {
      var _ = executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
