/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a workload whose selector is another one, which cannot be changed, without an end of its
 * pods: they get the labels of the new pods, so that services, which may ask for more than the
 * selector does, find them before and after, and the old object is deleted without them. The new
 * one adopts them, since they match, and replaces them in its own way: a successor first, where it
 * is a gateway. Each step finds by itself what the last one has done.
 */
final class Replacement {
  private static final Logger LOG = LoggerFactory.getLogger("caravan");
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Applier.FIELD_MANAGER)
          .build();

  /**
   * By this the controller of DaemonSets takes a Pod for up to date, whatever its revision: the
   * first template of the former set would count as the first of the new one.
   */
  private static final String GENERATION = "pod-template-generation";

  private final KubernetesClient client;

  Replacement(KubernetesClient client) {
    this.client = client;
  }

  boolean isNeeded(HasMetadata live, HasMetadata desired) {
    return !selector(live).equals(selector(desired));
  }

  /** Does what can be done now, and says what is waited for. */
  String advance(HasMetadata live, HasMetadata desired) {
    Map<String, String> labels = podLabels(desired);
    LabelSelector old = selector(live).orElseThrow();
    client
        .pods()
        .inNamespace(live.getMetadata().getNamespace())
        .withLabelSelector(old)
        .list()
        .getItems()
        .forEach(pod -> label(pod, labels));
    if (!live.isMarkedForDeletion()) {
      var _ = client.resource(live).withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
      LOG.atInfo()
          .addKeyValue("object", ObjectKey.of(live))
          .log("Replaced: its selector is another one; its pods run on until there are new ones");
    }
    return "is being replaced, since its selector cannot be changed; its pods run on";
  }

  private void label(Pod pod, Map<String, String> labels) {
    Map<String, String> has =
        Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of());
    if (has.entrySet().containsAll(labels.entrySet()) && !has.containsKey(GENERATION)) {
      return;
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode all = patch.putObject("metadata").putObject("labels");
    labels.forEach(all::put);
    all.putNull(GENERATION);
    var _ = client.resource(pod).patch(MERGE, patch.toString());
  }

  private static Map<String, String> podLabels(HasMetadata workload) {
    PodTemplateSpec template =
        switch (workload) {
          case DaemonSet set -> set.getSpec().getTemplate();
          case Deployment deployment -> deployment.getSpec().getTemplate();
          case StatefulSet set -> set.getSpec().getTemplate();
          default -> throw new IllegalArgumentException(workload.getKind() + " has no pods");
        };
    return template.getMetadata().getLabels();
  }

  private static Optional<LabelSelector> selector(HasMetadata workload) {
    return switch (workload) {
      case DaemonSet set -> Optional.of(set.getSpec().getSelector());
      case Deployment deployment -> Optional.of(deployment.getSpec().getSelector());
      case StatefulSet set -> Optional.of(set.getSpec().getSelector());
      default -> Optional.empty();
    };
  }
}
