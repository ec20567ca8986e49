/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static java.util.stream.Collectors.joining;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.api.Telemetry.GatewayMode;
import io.caravan.api.Telemetry.JournalType;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code JournalDurability} of the Telemetry resource: what the gateway's journal survives, and
 * where a part of it was left behind.
 */
public final class JournalNotices {
  static final String TYPE = "JournalDurability";

  /** More would be read by nobody, and a message has a bound. */
  private static final int NAMED = 10;

  private JournalNotices() {}

  /**
   * The condition. False only where claims were left: what a journal does not survive was the
   * user's choice.
   *
   * @param replicas how many the gateway's StatefulSet is to have; 0 if there is none
   * @param claims that were made for gateways and in which something may wait
   * @param pods all gateways, of whatever workload
   */
  public static Condition of(
      Gateway gateway,
      int replicas,
      Collection<PersistentVolumeClaim> claims,
      Collection<Pod> pods) {
    List<String> left = left(replicas, claims, pods);
    return left.isEmpty() ? survives(gateway) : leftBehind(left);
  }

  /**
   * While gateways of another mode still deliver.
   *
   * @param pods them, as they are to be named
   */
  public static Condition formerDeliver(List<String> pods) {
    return holds(
        "FormerGatewaysDeliver",
        "Gateways of the former mode take nothing new and stay until they have delivered what they have: %s. 'caravan status --cluster' says what waits for whom; what waits for a backend that does not come back is given up when its pipeline is deleted and spec.delivery.onDelete has run out"
            .formatted(named(pods)));
  }

  /**
   * While gateways of another mode serve senders, since those of the present one are not ready.
   *
   * @param pods them, as they are to be named
   */
  public static Condition formerServe(List<String> pods) {
    return holds(
        "FormerGatewaysServe",
        "Gateways of the former mode serve until those of the present mode are ready: %s"
            .formatted(named(pods)));
  }

  private static String named(List<String> all) {
    String more = all.size() > NAMED ? " and %d more".formatted(all.size() - NAMED) : "";
    return all.stream().limit(NAMED).collect(joining(", ")) + more;
  }

  private static Condition survives(Gateway gateway) {
    JournalType otherwise =
        gateway.mode() == GatewayMode.CENTRAL ? JournalType.EMPTY_DIR : JournalType.HOST_PATH;
    return switch (gateway.journal().type().orElse(otherwise)) {
      case HOST_PATH ->
          holds(
              "JournalOnNode",
              "The gateway's journal is on the disk of its node. It survives the pod, a roll-out and a restart of the node; it does not survive the loss of the node or its disk");
      case EMPTY_DIR ->
          holds(
              "JournalEndsWithPod",
              "The gateway's journal ends with its pod. It survives a crash of the process; what a pod that ends has not delivered after 5 minutes is lost, and all that it has if its node fails");
      case PERSISTENT_VOLUME_CLAIM ->
          holds(
              "JournalOnClaim",
              "The gateway's journal is on a claim of each replica. It survives the pod and the node; it does not survive the loss of the volume");
    };
  }

  private static Condition holds(String reason, String message) {
    return new Condition(TYPE, Status.TRUE, reason, message);
  }

  private static Condition leftBehind(List<String> left) {
    return new Condition(
        TYPE,
        Status.FALSE,
        "ClaimLeftBehind",
        "No gateway has these claims any more, and what is in them may not be delivered: %s. To have it delivered, run with mode central and persistentVolumeClaim and at least %d replicas; to give it up, delete them"
            .formatted(
                named(left),
                1 + left.stream().mapToInt(name -> number(name).orElse(0)).max().orElse(0)));
  }

  /** A pod that is being replaced has its claim: the number tells whether it comes back. */
  private static List<String> left(
      int replicas, Collection<PersistentVolumeClaim> claims, Collection<Pod> pods) {
    Set<String> used =
        pods.stream()
            .flatMap(pod -> Optional.ofNullable(pod.getSpec()).stream())
            .flatMap(spec -> spec.getVolumes().stream())
            .flatMap(volume -> Optional.ofNullable(volume.getPersistentVolumeClaim()).stream())
            .map(source -> source.getClaimName())
            .collect(Collectors.toSet());
    return claims.stream()
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
        .map(claim -> claim.getMetadata().getName())
        .filter(name -> !used.contains(name))
        .filter(name -> number(name).orElse(Integer.MAX_VALUE) >= replicas)
        .sorted()
        .toList();
  }

  /** A StatefulSet's claims end with the number of their replica. */
  private static Optional<Integer> number(String claim) {
    String end = claim.substring(claim.lastIndexOf('-') + 1);
    boolean isNumber = end.matches("[0-9]{1,6}");
    return isNumber ? Optional.of(Integer.valueOf(end)) : Optional.empty();
  }
}
