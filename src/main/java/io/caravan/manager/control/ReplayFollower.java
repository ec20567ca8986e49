/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.cluster.StatusWriter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has gateways do what TelemetryReplays ask for, and writes how far they are, each second while
 * there is one that is not over. To begin and to go on is one command with the resource's uid for a
 * key, so that a manager that knows nothing but the status repeats nothing. The public methods are
 * thread-safe.
 */
public final class ReplayFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** As many as a gateway has at once. */
  private static final int AT_ONCE = 4;

  /** The oldest go first. */
  private static final Comparator<GenericKubernetesResource> ORDER =
      Comparator.comparing(
              (GenericKubernetesResource one) -> one.getMetadata().getCreationTimestamp())
          .thenComparing(one -> one.getMetadata().getName());

  private final ReplayPods pods;
  private final ReplaySteps steps;
  private final Store store;
  private final Deque<Runnable> ends = new ArrayDeque<>();

  private volatile Seen seen = new Seen(List.of(), List.of(), Set.of());

  private record Seen(
      List<GenericKubernetesResource> replays, List<Pod> pods, Set<String> pipelines) {}

  /** Where statuses are. */
  interface Store {
    /** The newest that is known; an empty object if there is none. */
    JsonNode current(GenericKubernetesResource resource);

    /** Writes one unless it is as it is; why that is not possible, for people. */
    Optional<String> write(GenericKubernetesResource resource, ObjectNode status);

    /** Forgets all others. */
    void retain(List<GenericKubernetesResource> there);
  }

  /** Follows only when it is told to. */
  ReplayFollower(FanOut.Pods pods, Store store) {
    this.pods = new ReplayPods(pods);
    this.steps = new ReplaySteps(this.pods);
    this.store = store;
  }

  /** Follows what it is shown from now on. */
  public static ReplayFollower start(KubernetesClient client, Supplier<String> token) {
    PodCommands commands = new PodCommands(token);
    ReplayFollower follower = new ReplayFollower(commands::give, written(new StatusWriter(client)));
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("replays").factory());
    follower.ends.add(executor::shutdownNow);
    follower.ends.add(commands::close);
    var _ =
        executor.scheduleWithFixedDelay(
            follower::followOrTryAgain,
            PERIOD.toMillis(),
            PERIOD.toMillis(),
            TimeUnit.MILLISECONDS);
    return follower;
  }

  private static Store written(StatusWriter writer) {
    return new Store() {
      @Override
      public JsonNode current(GenericKubernetesResource resource) {
        return writer.current(resource);
      }

      @Override
      public Optional<String> write(GenericKubernetesResource resource, ObjectNode status) {
        return writer.write(resource, status);
      }

      @Override
      public void retain(List<GenericKubernetesResource> there) {
        writer.retain(there);
      }
    };
  }

  /**
   * What there is now.
   *
   * @param pods of the gateway
   * @param pipelines such as {@code tracepipeline/demo}
   */
  public void see(List<GenericKubernetesResource> replays, List<Pod> pods, Set<String> pipelines) {
    seen = new Seen(List.copyOf(replays), List.copyOf(pods), Set.copyOf(pipelines));
  }

  private void followOrTryAgain() {
    try {
      follow(Instant.now());
    } catch (RuntimeException e) {
      LOG.warn("Replays could not be followed; tried again", e);
    }
  }

  /** Takes each a step further. One thread. */
  void follow(Instant now) {
    Seen at = seen;
    List<GenericKubernetesResource> wanted =
        at.replays.stream().filter(one -> !one.isMarkedForDeletion()).sorted(ORDER).toList();
    stopOthers(wanted.stream().map(ReplayFollower::uid).collect(Collectors.toSet()));
    store.retain(at.replays);
    List<GenericKubernetesResource> open =
        wanted.stream().filter(one -> !ReplayStatus.isOver(store.current(one))).toList();
    for (int i = 0; i < open.size(); i++) {
      GenericKubernetesResource each = open.get(i);
      JsonNode before = store.current(each);
      write(
          each,
          i < AT_ONCE
              ? steps.next(each, before, at.pods, at.pipelines, now)
              : ReplaySteps.later(each, before, AT_ONCE, now));
    }
  }

  /** What was deleted before it was over. */
  private void stopOthers(Set<String> wanted) {
    for (String begun : pods.begun()) {
      if (!wanted.contains(begun)) {
        LOG.atInfo()
            .addKeyValue("pods", pods.stop(begun))
            .log("A TelemetryReplay was deleted, and is stopped");
      }
    }
  }

  private void write(GenericKubernetesResource resource, ObjectNode status) {
    Optional<String> failure = store.write(resource, status);
    failure.ifPresent(
        why ->
            LOG.atWarn()
                .addKeyValue("replay", resource.getMetadata().getName())
                .addKeyValue("why", why)
                .log("The status of a TelemetryReplay could not be written; tried again"));
    if (failure.isEmpty() && ReplayStatus.isOver(status)) {
      pods.forget(uid(resource));
      LOG.atInfo()
          .addKeyValue("replay", resource.getMetadata().getName())
          .addKeyValue("state", status.path("state").asText())
          .addKeyValue("records", status.path("recordsReplayed").asLong())
          .addKeyValue("message", status.path("message").asText())
          .log("TelemetryReplay is over");
    }
  }

  private static String uid(GenericKubernetesResource resource) {
    return resource.getMetadata().getUid();
  }

  @Override
  public void close() {
    ends.forEach(Runnable::run);
  }
}
