/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.signal.Subscriptions;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a node, step by step, within its drain timeout. Run once. */
final class NodeStop {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How long Camel may take to stop, after everything has been drained or cut off. */
  private static final Duration STOP_BOUND = Duration.ofSeconds(5);

  private static final Duration LAST_ATTEMPT = Duration.ofMillis(500);

  /** How long Camel waits once more for exchanges before it cuts them off. */
  private static final Duration LAST_WAIT = Duration.ofMillis(100);

  private final NodeSettings settings;
  private final Main main;
  private final CamelContext context;
  private final Subscriptions subscriptions;
  private final PipelineSwapper pipelines;
  private final String gatewayRoute;

  NodeStop(
      NodeSettings settings,
      Main main,
      Subscriptions subscriptions,
      PipelineSwapper pipelines,
      String gatewayRoute) {
    this.settings = settings;
    this.main = main;
    this.context = main.getCamelContext();
    this.subscriptions = subscriptions;
    this.pipelines = pipelines;
    this.gatewayRoute = gatewayRoute;
  }

  void run() {
    Deadline deadline = new Deadline(settings.drainTimeout());
    try {
      stopReceiving(deadline);
      switch (settings.atStop()) {
        case KEEP -> {}
        case DELIVER ->
            new LastDeliveries(subscriptions)
                .await(Duration.ofMillis(deadline.millis()).minus(LAST_ATTEMPT));
      }
      stopDelivering(deadline);
      pipelines.stopAll().get(deadline.millis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      LOG.warn(
          "event=drain_timeout seconds={} action=\"batches still in flight are cut off\"",
          settings.drainTimeout().toSeconds());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      LOG.error("event=drain_failed error=\"{}\"", e.toString());
    } catch (Exception e) {
      LOG.error("event=stop_failed route={} error=\"{}\"", gatewayRoute, e.toString());
    }
    // What could end has had its time; what is left waits for a backend, and its batches are kept.
    context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
    context.getShutdownStrategy().setTimeout(LAST_WAIT.toMillis());
    stopCamel();
  }

  private void stopReceiving(Deadline deadline) throws Exception {
    if (context.getRoute(gatewayRoute) != null) {
      subscriptions.stopSoon();
      context
          .getRouteController()
          .stopRoute(gatewayRoute, deadline.millis(), TimeUnit.MILLISECONDS, false);
    }
  }

  /** What is under way may end; the rest stays in the journal, so there is nothing to wait for. */
  private void stopDelivering(Deadline deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration bound = Duration.ofMillis(Math.min(deadline.millis(), LAST_ATTEMPT.toMillis()));
    subscriptions.stopDelivering(bound).get(deadline.millis(), TimeUnit.MILLISECONDS);
  }

  /** On a thread of its own: to stop a connector that hangs takes for ever, and a process ends. */
  private void stopCamel() {
    Thread stopping = Thread.ofPlatform().daemon().name("caravan-stop").start(main::stop);
    try {
      if (!stopping.join(STOP_BOUND)) {
        LOG.warn(
            "event=stop_timeout seconds={} action=\"a connector that hangs is left behind\"",
            STOP_BOUND.toSeconds());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private record Deadline(long nanos) {
    Deadline(Duration after) {
      this(System.nanoTime() + after.toNanos());
    }

    long millis() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
    }
  }
}
