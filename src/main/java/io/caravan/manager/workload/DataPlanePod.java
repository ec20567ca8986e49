/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.manager.workload.Needs.Mesh;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods of a component: one container that runs the program, in one shape for all. */
final class DataPlanePod {
  /** The name of the container, which the contract fixes. */
  static final String CONTAINER = "collector";

  private static final Duration GRACE = Duration.ofSeconds(30);

  /** As long as a replica whose journal goes with it may take to deliver what is in it. */
  private static final Duration DELIVERING_GRACE = Duration.ofMinutes(5);

  private static final Duration RESERVE = Duration.ofSeconds(15);

  private final Installation installation;
  private final Component component;
  private final Placement placement;
  private final Sizing sizing;
  private final Optional<Mesh> mesh;

  DataPlanePod(
      Installation installation,
      Component component,
      Placement placement,
      Sizing sizing,
      Optional<Mesh> mesh) {
    this.installation = installation;
    this.component = component;
    this.placement = placement;
    this.sizing = sizing;
    this.mesh = mesh;
  }

  PodTemplateSpec template() {
    Storage storage = storage();
    PodSpecBuilder spec =
        new PodSpecBuilder()
            .withServiceAccountName(component.objectName())
            .withPriorityClassName(placement.priorityClass(installation))
            .withSecurityContext(
                component == Component.LOG_AGENT ? PodSecurity.podOfGroupRoot() : PodSecurity.pod())
            .withTerminationGracePeriodSeconds(grace().toSeconds())
            .withTolerations(tolerations())
            .withContainers(container(storage))
            .withVolumes(storage.volumes())
            .withImagePullSecrets(
                installation.imagePullSecrets().stream().map(LocalObjectReference::new).toList());
    affinity().ifPresent(spec::withAffinity);
    FolderOwner.of(installation, placement.journal()).ifPresent(spec::withInitContainers);
    return new PodTemplateSpecBuilder()
        .withMetadata(
            new Metadata(installation, component).ofPods(MeshAnnotations.of(component, mesh)))
        .withSpec(spec.build())
        .build();
  }

  private Storage storage() {
    Storage common =
        Storage.journal(placement.journal())
            .and(Storage.plan())
            .and(Storage.token())
            .and(Storage.temporary())
            .and(Storage.trustBundle(installation));
    return switch (component) {
      case GATEWAY -> common;
      case LOG_AGENT -> common.and(Storage.containerLogs());
      case METRIC_AGENT -> mesh.isPresent() ? common.and(Storage.sidecarCertificates()) : common;
    };
  }

  private Container container(Storage storage) {
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(CONTAINER)
            .withImage(installation.image())
            .withArgs(arguments())
            .withEnv(environment(storage))
            .withPorts(ports().stream().map(Port::ofContainer).toList())
            .withResources(sizing.requirements())
            .withSecurityContext(PodSecurity.container())
            .withVolumeMounts(storage.mounts())
            .withLivenessProbe(probe("/healthz", 10, 6))
            .withReadinessProbe(probe("/readyz", 2, 3))
            // What cannot start ends by itself; on a busy node it takes its time.
            .withStartupProbe(probe("/healthz", 1, 300));
    // The heap's bound is read at the start: other memory needs another start, other CPU does not.
    return container
        .addNewResizePolicy("memory", "RestartContainer")
        .addNewResizePolicy("cpu", "NotRequired")
        .build();
  }

  private List<Port> ports() {
    return component == Component.GATEWAY
        ? List.of(Port.OTLP_GRPC, Port.OTLP_HTTP, Port.ADMIN)
        : List.of(Port.ADMIN);
  }

  private List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                component.command(),
                "--namespace=" + installation.namespace(),
                "--plan-mount=" + PlanVolumes.MOUNT,
                "--plan-token=" + Storage.TOKEN_FILE,
                "--data=" + Storage.DATA,
                "--bind=0.0.0.0",
                "--log-format=json",
                "--log-level=" + installation.logLevel()));
    if (placement.deliversBeforeItEnds()) {
      arguments.add("--at-stop=deliver");
      arguments.add("--drain-timeout=%ds".formatted(grace().minus(RESERVE).toSeconds()));
    }
    return arguments;
  }

  private List<EnvVar> environment(Storage storage) {
    return Stream.concat(
            Stream.of(
                fromPod("MY_POD_IP", "status.podIP"),
                fromPod("MY_NODE_NAME", "spec.nodeName"),
                fromPod("MY_POD_NAME", "metadata.name")),
            storage.environment().stream())
        .toList();
  }

  private static EnvVar fromPod(String variable, String field) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewFieldRef("v1", field)
        .endValueFrom()
        .build();
  }

  /** The admin server answers when nothing else does, so a late answer means a dead process. */
  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(Port.ADMIN.number())
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(3)
        .withFailureThreshold(failures)
        .build();
  }

  private Duration grace() {
    return placement.deliversBeforeItEnds() ? DELIVERING_GRACE : GRACE;
  }

  private List<Toleration> tolerations() {
    return placement.everyNode()
        ? Stream.of("NoExecute", "NoSchedule")
            .map(
                effect -> new TolerationBuilder().withEffect(effect).withOperator("Exists").build())
            .toList()
        : List.of();
  }

  private Optional<Affinity> affinity() {
    return placement.everyNode() ? Optional.empty() : Optional.of(Apart.of(component));
  }
}
