/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.control.ReplayState.Place;
import io.caravan.manager.probe.AskedPod;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Has pods do their parts of replays, and remembers what they call them, so that it can stop them.
 * One thread.
 */
final class ReplayPods {
  /** For a plan that a pod has not taken yet, or a pod whose node comes back. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final FanOut.Pods pods;
  private final Map<String, Map<AskedPod, JsonNode>> numbers = new HashMap<>();
  private final Map<Trouble, Instant> troubles = new HashMap<>();

  private record Trouble(String replay, String place) {}

  ReplayPods(FanOut.Pods pods) {
    this.pods = pods;
  }

  /**
   * How far a replay is now.
   *
   * @param missing what has to be waited for, for people
   */
  record Asked(ReplayState state, List<String> missing) {}

  /** Begins it, or asks how far it is, at all places that are not done. */
  Asked ask(ReplayRequest.Valid request, ReplayState state, List<Pod> there, Instant now) {
    Map<String, Place> places = new TreeMap<>(state.places());
    List<String> missing = new ArrayList<>();
    Map<String, AskedPod> asked = new TreeMap<>();
    Set<String> present = new HashSet<>();
    if (there.isEmpty()) {
      missing.add("there is no pod of the gateway");
    }
    for (Pod each : there) {
      String place = place(each);
      present.add(place);
      Place known = places.get(place);
      if (known == null || !known.isOver()) {
        Optional<AskedPod> ready = AskedPod.of(each);
        ready.ifPresent(pod -> asked.put(place, pod));
        if (ready.isEmpty()) {
          missing.add(
              "waits for pod %s, which is not ready".formatted(each.getMetadata().getName()));
        }
      }
    }
    ObjectNode arguments = request.arguments(state.started());
    Abreast.ask(asked, (_, pod) -> pods.give(pod, request.command(), arguments))
        .forEach(
            (place, answer) -> {
              switch (answer) {
                case PodAnswer.Done(var _, JsonNode progress) -> {
                  begun(request.uid())
                      .put(requireNonNull(asked.get(place)), progress.path("replay"));
                  troubles.remove(new Trouble(request.uid(), place));
                  places.put(place, Place.of(progress));
                }
                case PodAnswer.Refused(String pod, String why) -> {
                  if (isOld(new Trouble(request.uid(), place), now)) {
                    Place known = places.get(place);
                    places.put(place, known == null ? Place.failed(why) : known.ended(why));
                  } else {
                    missing.add("pod %s: %s".formatted(pod, why));
                  }
                }
                case PodAnswer.Silent(String pod, String why) ->
                    missing.add("waits for pod %s: %s".formatted(pod, why));
              }
            });
    places.replaceAll(
        (name, place) ->
            place.isOver()
                    || present.contains(name)
                    || !isOld(new Trouble(request.uid(), name), now)
                ? place
                : place.ended("its pod is gone, and none has come in its place"));
    return new Asked(new ReplayState(state.started(), places), missing);
  }

  private Map<AskedPod, JsonNode> begun(String uid) {
    return numbers.computeIfAbsent(uid, _ -> new HashMap<>());
  }

  private boolean isOld(Trouble trouble, Instant now) {
    return troubles.computeIfAbsent(trouble, _ -> now).plus(PATIENCE).isBefore(now);
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

  /** The replays that pods work on, as far as this manager knows. */
  Set<String> begun() {
    return Set.copyOf(numbers.keySet());
  }

  /** Nobody will ask for it any more. */
  void forget(String uid) {
    var _ = numbers.remove(uid);
    troubles.keySet().removeIf(one -> one.replay().equals(uid));
  }

  /** Stops it in all pods; returns how many pods had begun. One that is silent stops by itself. */
  int stop(String uid) {
    Map<AskedPod, JsonNode> begun = numbers.getOrDefault(uid, Map.of());
    forget(uid);
    var _ =
        Abreast.ask(
            begun,
            (pod, number) -> {
              ObjectNode one = JsonNodeFactory.instance.objectNode();
              one.set("replay", number);
              return pods.give(pod, "replay-stop", one);
            });
    return begun.size();
  }
}
