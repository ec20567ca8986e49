/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the watches have seen, at one moment; each kind of its own time. The objects are those of
 * the caches: nobody may change them.
 *
 * @param pipelines all of them, in the stored version
 * @param telemetry the resource {@code default} of the manager's namespace
 * @param replays all of them
 * @param configMaps those of the manager's namespace that hold settings or Kamelets, with their
 *     data
 * @param ours the objects with our labels, ConfigMaps and Secrets without their data
 * @param pods of the data plane
 * @param nodes without what does not matter here
 * @param definitions the names of all resource definitions
 */
public record ClusterState(
    List<GenericKubernetesResource> pipelines,
    Optional<GenericKubernetesResource> telemetry,
    List<GenericKubernetesResource> replays,
    List<ConfigMap> configMaps,
    Map<ObjectKey, HasMetadata> ours,
    List<Pod> pods,
    List<Node> nodes,
    Set<String> definitions) {

  public ClusterState {
    pipelines = List.copyOf(pipelines);
    replays = List.copyOf(replays);
    configMaps = List.copyOf(configMaps);
    ours = Map.copyOf(ours);
    pods = List.copyOf(pods);
    nodes = List.copyOf(nodes);
    definitions = Set.copyOf(definitions);
  }
}
