/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The module's settings: a Telemetry of {@code operator.kyma-project.io/v1beta1}. Only the one
 * named {@code default} has effect. Its deprecated {@code gateway.scaling} is accepted, has no
 * effect and is not kept.
 */
public record Telemetry(
    ObjectMeta metadata, Enrichments enrichments, Metric metric, Gateway gateway) {

  /** What is added to all telemetry. */
  public record Enrichments(List<PodLabel> extractPodLabels, Cluster cluster) {

    public Enrichments {
      extractPodLabels = List.copyOf(extractPodLabels);
    }
  }

  /** Labels of Pods that become attributes; exactly one field is present. */
  public record PodLabel(Optional<String> key, Optional<String> keyPrefix) {}

  /** The cluster as resource attributes tell it. */
  public record Cluster(Optional<String> name) {}

  /**
   * Settings of MetricPipelines' pull inputs.
   *
   * @param collectionInterval of inputs that have none of their own; 30 s where empty
   */
  public record Metric(
      Optional<Duration> collectionInterval,
      MetricInput runtime,
      MetricInput prometheus,
      MetricInput istio) {}

  /** Settings of one pull input. */
  public record MetricInput(Optional<Duration> collectionInterval) {}

  /** Where gateways run. */
  public record Gateway(GatewayMode mode, Journal journal) {
    /** Without settings. */
    public static final Gateway DEFAULT =
        new Gateway(GatewayMode.DAEMON_SET, new Journal(Optional.empty(), Optional.empty()));
  }

  /** How many gateways there are. */
  public enum GatewayMode {
    /** One a node, for what the node sends. */
    DAEMON_SET,
    /** Replicas anywhere, as many as the load asks for. */
    CENTRAL
  }

  /**
   * Where gateways keep what is not delivered yet.
   *
   * @param type {@code hostPath} where empty; in mode central {@code emptyDir}
   * @param size bytes of an {@code emptyDir} or a claim
   */
  public record Journal(Optional<JournalType> type, Optional<Long> size) {}

  /** The kind of volume that a journal is on; what it survives follows from it. */
  public enum JournalType {
    /** The node's disk; only in mode {@link GatewayMode#DAEMON_SET}. */
    HOST_PATH,
    /** Goes with the pod. */
    EMPTY_DIR,
    /** A claim a replica; only in mode {@link GatewayMode#CENTRAL}. */
    PERSISTENT_VOLUME_CLAIM
  }
}
