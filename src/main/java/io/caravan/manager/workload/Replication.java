/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** How many replicas there are, and how many may be away at once. */
final class Replication {
  private static final int LEAST = 2;
  private static final int MOST = 10;

  /** Percent of the requested CPU: senders come in bursts, and a replica takes seconds to start. */
  private static final int CPU = 80;

  private Replication() {}

  /** Whether the autoscaler takes replicas away again. */
  enum Shrinking {
    /** One in five minutes, since each delivers its backlog first. */
    SLOWLY,
    /** A person does: the claim of a replica that is gone keeps its backlog. */
    NEVER
  }

  static HorizontalPodAutoscaler autoscaler(Metadata metadata, String kind, Shrinking shrinking) {
    return new HorizontalPodAutoscalerBuilder()
        .withMetadata(metadata.named())
        .withNewSpec()
        .withNewScaleTargetRef("apps/v1", kind, metadata.component().objectName())
        .withMinReplicas(LEAST)
        .withMaxReplicas(MOST)
        .addNewMetric()
        .withType("Resource")
        .withNewResource()
        .withName("cpu")
        .withNewTarget()
        .withType("Utilization")
        .withAverageUtilization(CPU)
        .endTarget()
        .endResource()
        .endMetric()
        .withNewBehavior()
        .withScaleDown(rules(shrinking))
        .endBehavior()
        .endSpec()
        .build();
  }

  private static HPAScalingRules rules(Shrinking shrinking) {
    return switch (shrinking) {
      case NEVER -> new HPAScalingRulesBuilder().withSelectPolicy("Disabled").build();
      case SLOWLY ->
          new HPAScalingRulesBuilder()
              .addNewPolicy()
              .withType("Pods")
              .withValue(1)
              .withPeriodSeconds(300)
              .endPolicy()
              .build();
    };
  }

  /** Of those that serve: what only delivers what it has need not be waited for. */
  static PodDisruptionBudget disruptionBudget(Metadata metadata) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(metadata.named())
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withNewSelector()
        .withMatchLabels(Labels.serving())
        .endSelector()
        .endSpec()
        .build();
  }
}
