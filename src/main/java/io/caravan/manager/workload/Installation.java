/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the manager was told about the cluster that it installs into, on its command line.
 *
 * @param namespace where everything namespaced goes
 * @param image of the data plane, which is the manager's own
 * @param imagePullSecrets names of Secrets in that namespace
 * @param workload what else Deployments, DaemonSets and StatefulSets carry
 * @param pod what else their pods carry
 * @param priorityClasses the names of existing classes
 * @param trustBundle the name of a ClusterTrustBundle that takes the place of the image's
 *     certificate authorities
 * @param logLevel of the data plane: {@code debug}, {@code info}, {@code warn} or {@code error}
 */
public record Installation(
    String namespace,
    String image,
    List<String> imagePullSecrets,
    Additions workload,
    Additions pod,
    PriorityClasses priorityClasses,
    Optional<String> trustBundle,
    String logLevel) {

  public Installation {
    imagePullSecrets = List.copyOf(imagePullSecrets);
  }

  /** An installation with nothing set that has a default. */
  public static Installation of(String namespace, String image) {
    return new Installation(
        namespace,
        image,
        List.of(),
        Additions.NONE,
        Additions.NONE,
        PriorityClasses.DEFAULT,
        Optional.empty(),
        "info");
  }

  /** Labels and annotations; where a key is one of ours, ours stays. */
  public record Additions(Map<String, String> labels, Map<String, String> annotations) {
    /** Nothing more. */
    public static final Additions NONE = new Additions(Map.of(), Map.of());

    public Additions {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }

  /**
   * Names of PriorityClasses.
   *
   * @param high of what has to be on every node: DaemonSets
   * @param normal of what may run anywhere
   */
  public record PriorityClasses(String high, String normal) {
    /** The two of {@code deploy/install.yaml}. */
    public static final PriorityClasses DEFAULT =
        new PriorityClasses("telemetry-priority-class-high", "telemetry-priority-class");
  }
}
