/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.probe.AskedPod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/**
 * Gives a command to several pods and puts their answers together. The argument {@code pod} names
 * the only one that is asked. Thread-safe.
 */
final class FanOut {
  private static final String REPLAY = "replay";
  private static final Set<String> BEGIN = Set.of(REPLAY, "dead-letters-replay");
  private static final Set<String> FOLLOW = Set.of("replay-progress", "replay-stop");
  private static final String LETTERS = "letters";

  private final Pods pods;

  /** How a pod is given a command; the answer never fails. */
  @FunctionalInterface
  interface Pods {
    CompletableFuture<PodAnswer> give(AskedPod pod, String command, JsonNode arguments);
  }

  /**
   * A pod that there is.
   *
   * @param ready how it is asked; empty if it is not ready
   */
  record Target(String name, Optional<AskedPod> ready) {}

  FanOut(Pods pods) {
    this.pods = pods;
  }

  /**
   * The answers as one.
   *
   * @throws RefusedException if no pod has done it
   */
  ObjectNode ask(List<Target> there, String command, ObjectNode request) throws RefusedException {
    ObjectNode arguments = request.deepCopy();
    String only = arguments.path("pod").asText();
    var _ = arguments.remove("pod");
    List<Target> asked = chosen(there, only);
    if (FOLLOW.contains(command)) {
      return follow(asked, command, arguments);
    }
    if (needsPod(command, arguments) && only.isEmpty()) {
      throw new RefusedException(
          "an id is one of a pod's own; say which with --pod, as 'dead-letters ls PIPELINE' shows it");
    }
    List<PodAnswer> answers = give(asked, command, _ -> arguments);
    refuseUnlessDone(answers);
    ObjectNode whole =
        BEGIN.contains(command)
            ? ReplaySums.of(JsonNodeFactory.instance.objectNode(), answers)
            : sum(answers);
    limit(whole, arguments);
    whole.set("pods", told(answers));
    return whole;
  }

  private static boolean needsPod(String command, ObjectNode arguments) {
    return command.equals("dead-letters-show") || arguments.path("ids").size() > 0;
  }

  private static List<Target> chosen(List<Target> there, String only) throws RefusedException {
    List<Target> chosen =
        there.stream().filter(one -> only.isEmpty() || one.name().equals(only)).toList();
    if (chosen.isEmpty()) {
      List<String> names = there.stream().map(Target::name).sorted().toList();
      throw new RefusedException(
          names.isEmpty()
              ? "there is no pod of the gateway; is there a pipeline?"
              : "there is no pod '%s'; there are: %s".formatted(only, String.join(", ", names)));
    }
    return chosen;
  }

  /** Each pod has its own number for what is one replay. */
  private ObjectNode follow(List<Target> there, String command, ObjectNode arguments)
      throws RefusedException {
    if (!(arguments.path(REPLAY) instanceof ObjectNode replays) || replays.isEmpty()) {
      throw new RefusedException(
          "'replay' is not what the beginning of a replay was answered with");
    }
    List<Target> asked = new ArrayList<>();
    for (String pod : (Iterable<String>) replays::fieldNames) {
      asked.add(
          there.stream()
              .filter(one -> one.name().equals(pod))
              .findFirst()
              .orElseGet(() -> new Target(pod, Optional.empty())));
    }
    List<PodAnswer> answers =
        give(
            asked,
            command,
            pod -> {
              ObjectNode one = JsonNodeFactory.instance.objectNode();
              one.set(REPLAY, replays.path(pod));
              return one;
            });
    ObjectNode whole = ReplaySums.of(replays.deepCopy(), answers);
    whole.set("pods", told(answers));
    return whole;
  }

  private interface Arguments {
    ObjectNode of(String pod);
  }

  private List<PodAnswer> give(List<Target> asked, String command, Arguments arguments) {
    Map<Target, ObjectNode> questions = new LinkedHashMap<>();
    asked.forEach(one -> questions.put(one, arguments.of(one.name())));
    return List.copyOf(
        Abreast.ask(questions, (pod, question) -> give(pod, command, question)).values());
  }

  private CompletableFuture<PodAnswer> give(Target pod, String command, ObjectNode arguments) {
    return pod.ready()
        .map(ready -> pods.give(ready, command, arguments))
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    new PodAnswer.Silent(pod.name(), "it is not ready, or not there")));
  }

  private static void refuseUnlessDone(List<PodAnswer> answers) throws RefusedException {
    if (answers.stream().anyMatch(PodAnswer.Done.class::isInstance)) {
      return;
    }
    List<String> refusals =
        answers.stream()
            .flatMap(
                each ->
                    switch (each) {
                      case PodAnswer.Done _ -> Optional.<String>empty().stream();
                      case PodAnswer.Refused(var _, String why) -> Optional.of(why).stream();
                      case PodAnswer.Silent(String pod, String why) ->
                          Optional.of("no answer of pod %s: %s".formatted(pod, why)).stream();
                    })
            .distinct()
            .toList();
    throw new RefusedException(String.join("; ", refusals));
  }

  private static ObjectNode sum(List<PodAnswer> answers) {
    ObjectNode sum = JsonNodeFactory.instance.objectNode();
    for (PodAnswer each : answers) {
      if (each instanceof PodAnswer.Done(String pod, ObjectNode result)) {
        ObjectNode one = result.deepCopy();
        one.path(LETTERS)
            .forEach(
                letter -> {
                  if (letter instanceof ObjectNode object) {
                    object.put("pod", pod);
                  }
                });
        var _ = one.remove("process");
        Sums.add(sum, one);
      }
    }
    return sum;
  }

  /** Oldest first, and of all pods no more than were asked for. */
  private static void limit(ObjectNode whole, ObjectNode arguments) {
    if (whole.path(LETTERS) instanceof ArrayNode letters) {
      List<JsonNode> sorted =
          StreamSupport.stream(letters.spliterator(), false)
              .sorted(Comparator.comparing((JsonNode one) -> one.path("buried").asText()))
              .limit(arguments.path("limit").asInt(Integer.MAX_VALUE))
              .toList();
      letters.removeAll();
      sorted.forEach(letters::add);
    }
  }

  private static ArrayNode told(List<PodAnswer> answers) {
    ArrayNode told = JsonNodeFactory.instance.arrayNode();
    for (PodAnswer each : answers) {
      ObjectNode one = told.addObject().put("pod", each.pod());
      switch (each) {
        case PodAnswer.Done(var _, JsonNode result) -> {
          JsonNode process = result.path("process");
          if (process.isObject()) {
            one.put("version", process.path("version").asText());
            one.put("started", process.path("started").asText());
          }
        }
        case PodAnswer.Refused(var _, String why) -> one.put("error", why);
        case PodAnswer.Silent(var _, String why) -> one.put("error", why);
      }
    }
    return told;
  }
}
