/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A gateway's workload of a former mode, as it is while its journals are emptied: its pods deliver
 * what they have, no Service leads to them, and nothing listens on the ports of OTLP.
 */
public final class Emptying {
  /** Of the pods of such a workload. */
  private static final String ANNOTATION = "caravan.io/emptying";

  private static final List<String> NO_PORTS = List.of("--grpc-port=0", "--http-port=0");

  private Emptying() {}

  /**
   * The workload in that form, to be applied; the form of one that has it already is the same.
   * Empty for a Deployment, whose pods empty their journals when they end.
   *
   * @param live as it is now
   */
  public static Optional<HasMetadata> of(Installation installation, HasMetadata live) {
    return switch (live) {
      case DaemonSet set -> Optional.of(daemonSet(installation, set));
      case StatefulSet set -> Optional.of(statefulSet(installation, set));
      default -> Optional.empty();
    };
  }

  /** Whether a workload has that form. */
  public static boolean is(HasMetadata live) {
    return switch (live) {
      case DaemonSet set -> isMarked(set.getSpec().getTemplate());
      case StatefulSet set -> isMarked(set.getSpec().getTemplate());
      default -> false;
    };
  }

  /** Whether a pod is of such a workload, and was made when it had that form already. */
  public static boolean isDoneBy(Pod pod) {
    return isMarked(pod.getMetadata());
  }

  private static boolean isMarked(PodTemplateSpec template) {
    return isMarked(template.getMetadata());
  }

  private static boolean isMarked(ObjectMeta metadata) {
    Map<String, String> annotations = metadata.getAnnotations();
    return annotations != null && annotations.containsKey(ANNOTATION);
  }

  /** Without a surge: a pod goes on in the folder of the one before it. */
  private static DaemonSet daemonSet(Installation installation, DaemonSet live) {
    return new DaemonSetBuilder()
        .withMetadata(metadata(live))
        .withNewSpecLike(live.getSpec())
        .withTemplate(template(installation, live.getSpec().getTemplate()))
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withNewMaxSurge(0)
        .withNewMaxUnavailable("100%")
        .endRollingUpdate()
        .endUpdateStrategy()
        .endSpec()
        .build();
  }

  private static StatefulSet statefulSet(Installation installation, StatefulSet live) {
    return new StatefulSetBuilder()
        .withMetadata(metadata(live))
        .withNewSpecLike(live.getSpec())
        .withTemplate(template(installation, live.getSpec().getTemplate()))
        .endSpec()
        .build();
  }

  private static ObjectMeta metadata(HasMetadata live) {
    return new ObjectMetaBuilder()
        .withName(live.getMetadata().getName())
        .withNamespace(live.getMetadata().getNamespace())
        .withLabels(live.getMetadata().getLabels())
        .build();
  }

  private static PodTemplateSpec template(Installation installation, PodTemplateSpec live) {
    Map<String, String> labels =
        new HashMap<>(Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.of()));
    labels.keySet().removeAll(Labels.INGEST);
    PodTemplateSpec template =
        new PodTemplateSpecBuilder(live)
            .editMetadata()
            .withLabels(labels)
            .addToAnnotations(ANNOTATION, "true")
            .endMetadata()
            .build();
    for (Container each : template.getSpec().getInitContainers()) {
      each.setImage(installation.image());
    }
    for (Container each : template.getSpec().getContainers()) {
      if (each.getName().equals(DataPlanePod.CONTAINER)) {
        each.setImage(installation.image());
        List<String> arguments = new ArrayList<>(each.getArgs());
        arguments.removeAll(NO_PORTS);
        arguments.addAll(NO_PORTS);
        each.setArgs(arguments);
      }
    }
    return template;
  }
}
