/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.plan.shard.Shard;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The shards as volumes, so that a node that starts while the API server is away runs the last
 * plan. One volume an object, since the keys of two objects may be the same; all are optional, for
 * the workload may be there before the plan is.
 */
final class PlanVolumes {
  /**
   * The folder that has a folder {@code config} and a folder {@code secret}, each with one folder a
   * shard, each with one file an entry.
   */
  static final String MOUNT = "/etc/caravan/plan";

  /** The names of the ConfigMaps, and of the Secrets. */
  static final List<String> NAMES = IntStream.range(0, Shard.COUNT).mapToObj(Shard::name).toList();

  private static final String CONFIG = "config";
  private static final String SECRET = "secret";

  private PlanVolumes() {}

  static List<Volume> volumes() {
    return Stream.concat(
            NAMES.stream().map(PlanVolumes::config), NAMES.stream().map(PlanVolumes::secret))
        .toList();
  }

  static List<VolumeMount> mounts() {
    return Stream.of(CONFIG, SECRET)
        .flatMap(kind -> NAMES.stream().map(name -> mount(kind, name)))
        .toList();
  }

  private static Volume config(String name) {
    return new VolumeBuilder()
        .withName(volume(CONFIG, name))
        .withNewConfigMap()
        .withName(name)
        .withOptional(true)
        .endConfigMap()
        .build();
  }

  private static Volume secret(String name) {
    return new VolumeBuilder()
        .withName(volume(SECRET, name))
        .withNewSecret()
        .withSecretName(name)
        .withOptional(true)
        .endSecret()
        .build();
  }

  private static VolumeMount mount(String kind, String name) {
    return new VolumeMountBuilder()
        .withName(volume(kind, name))
        .withMountPath("%s/%s/%s".formatted(MOUNT, kind, name))
        .withReadOnly(true)
        .build();
  }

  private static String volume(String kind, String name) {
    return name.replace("telemetry-", "") + "-" + kind;
  }
}
