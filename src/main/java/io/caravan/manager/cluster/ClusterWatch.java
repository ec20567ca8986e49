/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.workload.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The watches whose number does not depend on what users do: about thirty, and three of what not
 * every cluster has. Whatever they see asks for one more round of the one thing that is reconciled,
 * the installation, for which the manager's Namespace stands.
 */
public final class ClusterWatch {
  private static final String OURS =
      "%s=%s,%s=%s"
          .formatted(
              Labels.MODULE, Labels.MODULE_VALUE, Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE);

  /** The name of the only Telemetry that counts. */
  private static final String TELEMETRY = "default";

  private static final Set<String> OUR_DEFINITIONS =
      Arrays.stream(ResourceKind.values())
          .map(ResourceKind::definitionName)
          .collect(Collectors.toUnmodifiableSet());

  private static final List<Class<? extends HasMetadata>> NAMESPACED =
      List.of(
          Service.class,
          ServiceAccount.class,
          DaemonSet.class,
          Deployment.class,
          StatefulSet.class,
          PersistentVolumeClaim.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          HorizontalPodAutoscaler.class,
          Role.class,
          RoleBinding.class);

  private static final List<Class<? extends HasMetadata>> CLUSTER_WIDE =
      List.of(
          ClusterRole.class,
          ClusterRoleBinding.class,
          MutatingWebhookConfiguration.class,
          ValidatingWebhookConfiguration.class);

  private final String namespace;
  private final EventSourceContext<Namespace> context;
  private final List<InformerEventSource<GenericKubernetesResource, Namespace>> pipelines =
      new ArrayList<>();
  private final InformerEventSource<GenericKubernetesResource, Namespace> telemetries;
  private final InformerEventSource<GenericKubernetesResource, Namespace> replays;
  private final InformerEventSource<ConfigMap, Namespace> configMaps;
  private final InformerEventSource<Secret, Namespace> secrets;
  private final InformerEventSource<Pod, Namespace> pods;
  private final InformerEventSource<Node, Namespace> nodes;
  private final InformerEventSource<CustomResourceDefinition, Namespace> definitions;
  private final List<InformerEventSource<? extends HasMetadata, Namespace>> ours =
      new ArrayList<>();
  private final OptionalWatch optional;

  /**
   * Watches that nobody has started yet.
   *
   * @param namespace the manager's own
   */
  public ClusterWatch(String namespace, EventSourceContext<Namespace> context) {
    this.namespace = namespace;
    this.context = context;
    for (ResourceKind kind :
        List.of(
            ResourceKind.LOG_PIPELINE, ResourceKind.METRIC_PIPELINE, ResourceKind.TRACE_PIPELINE)) {
      pipelines.add(
          source(
              generic(kind)
                  .withItemStore(new TransformingItemStore<>(Packed::pack))
                  .withWatchAllNamespaces()));
    }
    telemetries = source(generic(ResourceKind.TELEMETRY).withNamespaces(namespace));
    replays = source(generic(ResourceKind.TELEMETRY_REPLAY).withWatchAllNamespaces());
    configMaps = source(pruned(ConfigMap.class, Pruned::configMap).withNamespaces(namespace));
    secrets =
        source(
            pruned(Secret.class, Pruned::secret).withNamespaces(namespace).withLabelSelector(OURS));
    pods = source(typed(Pod.class).withNamespaces(namespace).withLabelSelector(OURS));
    nodes =
        source(
            pruned(Node.class, Pruned::node)
                .withWatchAllNamespaces()
                .withOnUpdateFilter((now, before) -> !Pruned.sameNode(now, before)));
    definitions =
        source(pruned(CustomResourceDefinition.class, Pruned::definition).withWatchAllNamespaces());
    optional = new OptionalWatch(context.getClient(), namespace, OURS);
    NAMESPACED.forEach(
        type -> ours.add(source(typed(type).withNamespaces(namespace).withLabelSelector(OURS))));
    CLUSTER_WIDE.forEach(
        type -> ours.add(source(typed(type).withWatchAllNamespaces().withLabelSelector(OURS))));
  }

  /** All of them, to be started by the operator. */
  public List<EventSource<?, Namespace>> sources() {
    return Stream.of(
            pipelines.stream(),
            Stream.of(
                telemetries, replays, configMaps, secrets, pods, nodes, definitions, optional),
            ours.stream())
        .flatMap(each -> each)
        .<EventSource<?, Namespace>>map(each -> each)
        .toList();
  }

  /** What they have seen. */
  public ClusterState state() {
    Map<ObjectKey, HasMetadata> owned = new HashMap<>();
    Stream.concat(Stream.of(secrets), ours.stream())
        .flatMap(InformerEventSource::list)
        .forEach(one -> owned.put(ObjectKey.of(one), one));
    List<ConfigMap> read = new ArrayList<>();
    configMaps
        .list()
        .forEach(
            one -> {
              if (isOurs(one)) {
                owned.put(ObjectKey.of(one), one);
              }
              if (ConfigMaps.isRead(one)) {
                read.add(one);
              }
            });
    Set<String> names = new HashSet<>();
    definitions
        .list()
        .forEach(
            one -> {
              names.add(one.getMetadata().getName());
              if (OUR_DEFINITIONS.contains(one.getMetadata().getName())) {
                owned.put(ObjectKey.of(one), one);
              }
            });
    optional.follow(names).forEach(one -> owned.put(ObjectKey.of(one), one));
    return new ClusterState(
        pipelines.stream().flatMap(InformerEventSource::list).toList(),
        telemetry(),
        replays.list().toList(),
        read,
        owned,
        pods.list().toList(),
        nodes.list().toList(),
        names);
  }

  private Optional<GenericKubernetesResource> telemetry() {
    return telemetries.get(new ResourceID(TELEMETRY, namespace));
  }

  private static boolean isOurs(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null
        && Labels.MODULE_VALUE.equals(labels.get(Labels.MODULE))
        && Labels.MANAGED_BY_VALUE.equals(labels.get(Labels.MANAGED_BY));
  }

  private static InformerEventSourceConfiguration.Builder<GenericKubernetesResource> generic(
      ResourceKind kind) {
    return InformerEventSourceConfiguration.from(
            new GroupVersionKind(kind.group(), kind.stored().version(), kind.kind()),
            Namespace.class)
        .withName(kind.plural());
  }

  private static <T extends HasMetadata> InformerEventSourceConfiguration.Builder<T> typed(
      Class<T> type) {
    return InformerEventSourceConfiguration.from(type, Namespace.class)
        .withName(type.getSimpleName().toLowerCase(Locale.ROOT));
  }

  private static <T extends HasMetadata> InformerEventSourceConfiguration.Builder<T> pruned(
      Class<T> type, UnaryOperator<T> pruning) {
    return typed(type).withItemStore(new TransformingItemStore<>(pruning));
  }

  private <T extends HasMetadata> InformerEventSource<T, Namespace> source(
      InformerEventSourceConfiguration.Builder<T> builder) {
    ResourceID installation = new ResourceID(namespace);
    return new InformerEventSource<>(
        builder
            .withSecondaryToPrimaryMapper(_ -> Set.of(installation))
            // Nobody asks for secondaries by their primary: without this, an index would be kept.
            .withPrimaryToSecondaryMapper(_ -> Set.of())
            .build(),
        context);
  }
}
