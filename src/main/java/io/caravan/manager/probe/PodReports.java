/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest report of each ready pod. Each is asked every 30 s, and every second while there is
 * something that it has to take; sixteen at once. Thread-safe.
 */
public final class PodReports implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");

  /** How often a pod is asked that has nothing to take. */
  public static final Duration CALM = Duration.ofSeconds(30);

  private static final Duration HURRIED = Duration.ofSeconds(1);
  private static final int AT_ONCE = 16;

  private final PodClient client;
  private final FlowJudge judge;
  private final Runnable changed;
  private final Clock clock;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("pod-reports").unstarted(this::run);

  // Guarded by this.
  private final Map<String, Known> pods = new HashMap<>();
  private Set<String> hurried = Set.of();
  private boolean closed;

  /** One pod; guarded by the reports. */
  private static final class Known {
    final AskedPod pod;
    final Instant since;
    @Nullable PodReport report;
    @Nullable String failure;
    boolean asking;
    Instant asked = Instant.MIN;
    Instant askedForFlow = Instant.MIN;

    Known(AskedPod pod, Instant since) {
      this.pod = pod;
      this.since = since;
    }

    PodView view() {
      return new PodView(
          pod.name(), since, Optional.ofNullable(report), Optional.ofNullable(failure));
    }
  }

  private record Due(Known pod, boolean flow) {}

  /**
   * Asks nobody yet.
   *
   * @param judge is told what pods have counted
   * @param changed is called by any thread when there is something to look at again; it must not
   *     wait
   */
  public PodReports(PodClient client, FlowJudge judge, Runnable changed, Clock clock) {
    this.client = client;
    this.judge = judge;
    this.changed = changed;
    this.clock = clock;
  }

  /** Asks from now on. */
  public PodReports start() {
    thread.start();
    return this;
  }

  /** Says which pods are ready, of all components. What others have said is forgotten. */
  public synchronized void ready(Collection<AskedPod> now) {
    Set<String> names = new HashSet<>();
    for (AskedPod each : now) {
      names.add(each.name());
      Known before = pods.get(each.name());
      if (before == null || !before.pod.equals(each)) {
        forget(each.name());
        pods.put(each.name(), new Known(each, clock.instant()));
      }
    }
    List<String> gone = pods.keySet().stream().filter(name -> !names.contains(name)).toList();
    gone.forEach(this::forget);
    notifyAll();
  }

  private void forget(String name) {
    if (pods.remove(name) != null) {
      judge.forget(name);
    }
  }

  /** Says which pods have something to take; see {@link Taken#outstanding}. */
  public synchronized void hurry(Collection<String> names) {
    hurried = Set.copyOf(names);
    notifyAll();
  }

  /** What is known of these pods; those that are not ready are left out. */
  public synchronized List<PodView> of(Collection<String> names) {
    return names.stream()
        .distinct()
        .map(pods::get)
        .filter(Objects::nonNull)
        .map(Known::view)
        .toList();
  }

  private void run() {
    try {
      while (true) {
        places.acquire();
        Due next = next();
        if (next == null) {
          return;
        }
        ask(next);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The one that waits longest; null when this is closed. */
  private synchronized @Nullable Due next() throws InterruptedException {
    while (!closed) {
      Instant now = clock.instant();
      Known first = null;
      Instant due = Instant.MAX;
      for (Known each : pods.values()) {
        Instant when = each.asking ? Instant.MAX : due(each);
        if (when.isBefore(due)) {
          first = each;
          due = when;
        }
      }
      if (first != null && !due.isAfter(now)) {
        boolean flow = !first.askedForFlow.isAfter(now.minus(CALM));
        first.asking = true;
        first.asked = now;
        first.askedForFlow = flow ? now : first.askedForFlow;
        return new Due(first, flow);
      }
      wait(first == null ? CALM.toMillis() : Math.max(1, Duration.between(now, due).toMillis()));
    }
    return null;
  }

  private Instant due(Known pod) {
    if (pod.asked.equals(Instant.MIN)) {
      return Instant.MIN;
    }
    return pod.asked.plus(hurried.contains(pod.pod.name()) ? HURRIED : CALM);
  }

  private void ask(Due due) {
    CompletableFuture<Void> _ =
        answer(due)
            .handle(
                (told, failure) -> failure == null ? told(due.pod, told) : failed(due.pod, failure))
            .thenAccept(this::tell)
            .whenComplete((_, _) -> places.release());
  }

  private CompletableFuture<PodClient.Answer> answer(Due due) {
    try {
      return client.ask(due.pod.pod, due.flow);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void tell(boolean news) {
    if (!news) {
      return;
    }
    try {
      changed.run();
    } catch (RuntimeException e) {
      LOG.error("What pods report could not be told on", e);
    }
  }

  private synchronized boolean told(Known pod, PodClient.Answer answer) {
    answered(pod);
    if (isGone(pod)) {
      return false;
    }
    boolean news =
        pod.failure != null
            || pod.report == null
            || !pod.report.withoutCounts().equals(answer.report().withoutCounts());
    if (pod.failure != null) {
      LOG.atInfo().addKeyValue("pod", pod.pod.name()).log("Pod reports again");
    }
    pod.failure = null;
    pod.report = answer.report();
    boolean flows =
        answer.flow().isPresent()
            && judge.saw(pod.pod.name(), answer.flow().get(), clock.instant());
    return news || flows;
  }

  private synchronized boolean failed(Known pod, Throwable failure) {
    answered(pod);
    String why = PodClient.why(failure);
    if (isGone(pod) || why.equals(pod.failure)) {
      return false;
    }
    LOG.atWarn()
        .addKeyValue("pod", pod.pod.name())
        .addKeyValue("address", pod.pod.authority())
        .addKeyValue("why", why)
        .log("Pod does not report");
    pod.failure = why;
    return true;
  }

  private void answered(Known pod) {
    pod.asking = false;
    notifyAll();
  }

  private boolean isGone(Known pod) {
    return pods.get(pod.pod.name()) != pod;
  }

  /** Asks no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      pods.clear();
      notifyAll();
    }
    thread.interrupt();
    client.close();
  }
}
