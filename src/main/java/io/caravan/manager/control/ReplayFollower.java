/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.TelemetryReplay;
import io.caravan.api.convert.Resources;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.cluster.StatusWriter;
import io.caravan.manager.probe.AskedPod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** As many as a gateway has at once. */
  private static final int AT_ONCE = 4;

  /** For a plan that a pod has not taken yet, or a pod whose node comes back. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A gateway stops what no manager has asked for in this time, in seconds. */
  private static final int UNATTENDED_SECONDS = 300;

  private final PodCommands commands;
  private final StatusWriter statuses;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("replays").factory());

  // Of the executor's thread.
  private final Map<String, Map<AskedPod, JsonNode>> numbers = new HashMap<>();
  private final Map<String, Instant> troubleSince = new HashMap<>();

  private volatile Seen seen = new Seen(List.of(), List.of());

  private record Seen(List<GenericKubernetesResource> replays, List<Pod> pods) {}

  private ReplayFollower(KubernetesClient client, Supplier<String> token) {
    this.commands = new PodCommands(token);
    this.statuses = new StatusWriter(client);
  }

  /** Follows what it is shown from now on. */
  public static ReplayFollower start(KubernetesClient client, Supplier<String> token) {
    ReplayFollower follower = new ReplayFollower(client, token);
    var _ =
        follower.executor.scheduleWithFixedDelay(
            follower::follow, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return follower;
  }

  /**
   * What there is now.
   *
   * @param pods of the gateway
   */
  public void see(List<GenericKubernetesResource> replays, List<Pod> pods) {
    seen = new Seen(List.copyOf(replays), List.copyOf(pods));
  }

  private void follow() {
    try {
      follow(seen, Instant.now());
    } catch (RuntimeException e) {
      LOG.warn("Replays could not be followed; tried again", e);
    }
  }

  private void follow(Seen now, Instant at) {
    Set<String> there =
        now.replays.stream()
            .map(ReplayFollower::uid)
            .collect(Collectors.toCollection(HashSet::new));
    for (String gone : List.copyOf(numbers.keySet())) {
      if (!there.contains(gone)) {
        stop(gone);
      }
    }
    statuses.retain(now.replays);
    int running = 0;
    for (GenericKubernetesResource each :
        now.replays.stream()
            .filter(one -> !one.isMarkedForDeletion())
            .filter(one -> !ReplayState.isOver(statuses.current(one)))
            .sorted(
                Comparator.comparing(
                        (GenericKubernetesResource one) -> one.getMetadata().getCreationTimestamp())
                    .thenComparing(one -> one.getMetadata().getName()))
            .toList()) {
      running++;
      ObjectNode status =
          running > AT_ONCE
              ? ReplayState.pending("%d others go first".formatted(AT_ONCE))
              : status(each, now.pods, at);
      write(each, status);
    }
  }

  private void write(GenericKubernetesResource resource, ObjectNode status) {
    statuses
        .write(resource, status)
        .ifPresent(
            why ->
                LOG.atWarn()
                    .addKeyValue("replay", resource.getMetadata().getName())
                    .addKeyValue("why", why)
                    .log("The status of a TelemetryReplay could not be written; tried again"));
    if (ReplayState.isOver(status)) {
      var _ = numbers.remove(uid(resource));
      LOG.atInfo()
          .addKeyValue("replay", resource.getMetadata().getName())
          .addKeyValue("state", status.path("state").asText())
          .addKeyValue("records", status.path("recordsReplayed").asLong())
          .addKeyValue("message", status.path("message").asText())
          .log("TelemetryReplay is over");
    }
  }

  private ObjectNode status(GenericKubernetesResource resource, List<Pod> pods, Instant now) {
    Admission.Review review =
        Admission.review(ResourceKind.TELEMETRY_REPLAY, JSON.valueToTree(resource));
    if (!review.violations().isEmpty()) {
      return ReplayState.refused(
          review.violations().stream().map(Object::toString).collect(Collectors.joining("; ")));
    }
    JsonNode before = statuses.current(resource);
    ReplayState state = ReplayState.of(before, now);
    if (!before.hasNonNull("startTime")) {
      // Written before anything begins: whoever goes on with it sends nothing that came later.
      return state.status(List.of("it begins"), now);
    }
    return ask(resource, Resources.replay(review.tree()), state, pods, now);
  }

  private ObjectNode ask(
      GenericKubernetesResource resource,
      TelemetryReplay replay,
      ReplayState state,
      List<Pod> pods,
      Instant now) {
    String uid = uid(resource);
    Map<String, ReplayState.Place> places = new TreeMap<>(state.places());
    List<String> missing = new ArrayList<>();
    Set<String> present = new HashSet<>();
    if (pods.isEmpty()) {
      missing.add("there is no pod of the gateway");
    }
    for (Pod each : pods) {
      String name = place(each);
      present.add(name);
      ReplayState.Place known = places.get(name);
      if (known != null && known.isOver()) {
        continue;
      }
      Optional<AskedPod> ready = AskedPod.of(each);
      if (ready.isEmpty()) {
        missing.add("waits for pod %s, which is not ready".formatted(each.getMetadata().getName()));
        continue;
      }
      switch (commands.give(ready.get(), command(replay), arguments(uid, replay, state)).join()) {
        case PodAnswer.Done(var _, JsonNode progress) -> {
          var _ =
              numbers
                  .computeIfAbsent(uid, _ -> new HashMap<>())
                  .put(ready.get(), progress.path("replay"));
          troubleSince.remove(uid + name);
          places.put(name, ReplayState.Place.of(progress));
        }
        case PodAnswer.Refused(String pod, String why) -> {
          if (isOld(uid + name, now)) {
            places.put(name, ended(known, why));
          } else {
            missing.add("pod %s: %s".formatted(pod, why));
          }
        }
        case PodAnswer.Silent(String pod, String why) ->
            missing.add("waits for pod %s: %s".formatted(pod, why));
      }
    }
    places.replaceAll(
        (name, place) ->
            place.isOver() || present.contains(name) || !isOld(uid + name, now)
                ? place
                : ended(place, "its pod is gone, and none has come in its place"));
    return new ReplayState(state.started(), places).status(missing, now);
  }

  private boolean isOld(String trouble, Instant now) {
    return troubleSince.computeIfAbsent(trouble, _ -> now).plus(PATIENCE).isBefore(now);
  }

  private static ReplayState.Place ended(ReplayState.@Nullable Place known, String why) {
    return new ReplayState.Place(
        "failed", known == null ? 0 : known.records(), known == null ? 0 : known.leftOut(), why);
  }

  /** Whoever comes after a pod of a DaemonSet goes on with its journal, whatever his name is. */
  private static String place(Pod pod) {
    boolean ofNode =
        pod.getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getKind)
            .anyMatch("DaemonSet"::equals);
    return ofNode && pod.getSpec().getNodeName() != null
        ? pod.getSpec().getNodeName()
        : pod.getMetadata().getName();
  }

  private static String command(TelemetryReplay replay) {
    return switch (replay.source()) {
      case JOURNAL -> "replay";
      case DEAD_LETTERS -> "dead-letters-replay";
    };
  }

  private static ObjectNode arguments(String uid, TelemetryReplay replay, ReplayState state) {
    ObjectNode arguments =
        JsonNodeFactory.instance
            .objectNode()
            .put("key", uid)
            .put("unattendedSeconds", UNATTENDED_SECONDS)
            .put("pipeline", replay.pipeline());
    if (replay.source() == TelemetryReplay.Source.JOURNAL) {
      Instant until =
          replay.until().filter(one -> one.isBefore(state.started())).orElse(state.started());
      arguments
          .put("to", replay.to().orElse(replay.pipeline()))
          .put("from", replay.from().map(Instant::toString).orElse(null))
          .put("until", until.toString())
          .put("namespace", replay.namespace().orElse(null))
          .put("rate", replay.rate().orElse(null));
    }
    return arguments;
  }

  /** A resource that was deleted before it was over. */
  private void stop(String uid) {
    Map<AskedPod, JsonNode> begun = numbers.remove(uid);
    if (begun != null) {
      begun.forEach(
          (pod, number) -> {
            ObjectNode one = JsonNodeFactory.instance.objectNode();
            one.set("replay", number);
            var _ = commands.give(pod, "replay-stop", one).join();
          });
      LOG.atInfo().addKeyValue("pods", begun.size()).log("A deleted TelemetryReplay is stopped");
    }
  }

  private static String uid(GenericKubernetesResource resource) {
    return resource.getMetadata().getUid();
  }

  @Override
  public void close() {
    executor.shutdownNow();
    commands.close();
  }
}
