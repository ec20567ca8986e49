/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.Condition;
import io.caravan.api.PipelineId;
import io.caravan.api.Telemetry;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.probe.AskedPod;
import io.caravan.manager.probe.FlowJudge;
import io.caravan.manager.probe.PlannedDigests;
import io.caravan.manager.probe.PodClient;
import io.caravan.manager.probe.PodReports;
import io.caravan.manager.probe.PodView;
import io.caravan.manager.probe.Taken;
import io.caravan.manager.round.FormerGateways;
import io.caravan.manager.round.ReadPipeline;
import io.caravan.manager.status.Flow;
import io.caravan.manager.status.JournalNotices;
import io.caravan.manager.status.PipelineConditions;
import io.caravan.manager.status.PipelineHealth;
import io.caravan.manager.status.WorkloadHealth;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.status.WorkloadProbe;
import io.caravan.manager.workload.Component;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How the data plane fares, as the last round has seen it: by what Kubernetes says of its
 * workloads, and by what its pods say themselves. One thread.
 */
final class DataPlane implements AutoCloseable {
  /** As long as three looks for folders that others have left. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private final ManagerSettings settings;
  private final PipelineConditions conditions;
  private final FlowJudge flows = new FlowJudge();
  private final PodReports reports;
  private PlannedDigests planned = PlannedDigests.NONE;
  private Taken taken = new Taken(new TreeMap<>(), new TreeSet<>());
  private WorkloadHealth gateway = new WorkloadHealth.NotRequired();
  private List<String> gateways = List.of();
  private Instant seen = Instant.EPOCH;
  private Set<PipelineId> ended = Set.of();
  private boolean ending;
  private boolean takesOtlp;
  private boolean emptying;
  private Condition journal = JournalNotices.of(Gateway.DEFAULT, 0, List.of(), List.of());

  /**
   * Asks the pods from now on.
   *
   * @param token that they expect
   * @param changed is called by any thread when they say something that matters
   */
  DataPlane(ManagerSettings settings, Supplier<String> token, Runnable changed) {
    this.settings = settings;
    this.conditions = new PipelineConditions(settings.troubleshooting());
    this.reports = new PodReports(new PodClient(token), flows, changed, Clock.systemUTC()).start();
  }

  /**
   * Looks at it.
   *
   * @param ours our objects, as they are after this round
   * @param plan what the shards say
   * @param failures what could not be applied in this round
   */
  void look(
      ClusterState state,
      Map<ObjectKey, HasMetadata> ours,
      Plan plan,
      Optional<Telemetry> telemetry,
      SortedMap<ObjectKey, String> failures,
      Instant now) {
    Gateway wanted = telemetry.map(Telemetry::gateway).orElse(Gateway.DEFAULT);
    WorkloadKind kind = WorkloadKind.of(wanted);
    Component component = Component.GATEWAY;
    List<Pod> all = ComponentObjects.pods(state, component);
    List<Pod> pods = all.stream().filter(one -> !ModeChange.isFormer(kind, one)).toList();
    takesOtlp = ComponentObjects.find(ours, "Service", "telemetry-otlp").isPresent();
    seen = now;
    gateway =
        ComponentObjects.failure(component, failures)
            .<WorkloadHealth>map(WorkloadHealth.NotReady::new)
            .orElseGet(
                () ->
                    new WorkloadProbe(io.caravan.manager.status.Component.GATEWAY, kind)
                        .of(
                            ComponentObjects.find(ours, kind.toString(), component.objectName()),
                            pods,
                            state.nodes(),
                            now));
    List<AskedPod> asked = asked(all);
    gateways = asked.stream().map(AskedPod::name).toList();
    reports.ready(asked);
    planned = planned.next(plan, now);
    taken = Taken.of(planned, reports.of(gateways), now);
    List<String> former =
        all.stream()
            .filter(one -> ModeChange.isFormer(kind, one))
            .map(one -> one.getMetadata().getName())
            .toList();
    emptying =
        !former.isEmpty()
            || Arrays.stream(WorkloadKind.values())
                .filter(one -> one != kind)
                .anyMatch(
                    one ->
                        ComponentObjects.find(ours, one.toString(), component.objectName())
                            .isPresent());
    Set<String> hurried = new TreeSet<>(taken.outstanding());
    hurried.addAll(former);
    reports.hurry(hurried);
    ending = plan.pipelines().stream().anyMatch(one -> one.deletedAt().isPresent());
    journal = new JournalReport(wanted, ours, all).condition(reports::of);
    ended = ended(plan, ComponentObjects.find(ours, kind.toString(), component.objectName()), now);
  }

  /**
   * What becomes of gateways that were deployed in another way.
   *
   * @param telemetry says how they are deployed now
   */
  FormerGateways former(ClusterState state, Optional<Telemetry> telemetry, Instant now) {
    List<Pod> pods = ComponentObjects.pods(state, Component.GATEWAY);
    // Pods of one name may have come after each other, and only the last one is to be believed.
    reports.ready(asked(pods));
    return new ModeChange(settings.installation(), state, pods, reports::of)
        .former(WorkloadKind.of(telemetry.map(Telemetry::gateway).orElse(Gateway.DEFAULT)), now);
  }

  private static List<AskedPod> asked(List<Pod> pods) {
    return pods.stream().flatMap(one -> AskedPod.of(one).stream()).toList();
  }

  /**
   * The deleted pipelines of which nothing is left: all pods that there are to be say so, and no
   * gateway of another mode is left. A folder that an instance has left is looked for every ten
   * seconds, so nobody is believed at once.
   */
  private Set<PipelineId> ended(Plan plan, Optional<HasMetadata> workload, Instant now) {
    boolean all =
        workload.isPresent()
            && !emptying
            && gateway instanceof WorkloadHealth.Ready
            && gateways.size() == Replicas.wanted(workload.get());
    if (!all) {
      return Set.of();
    }
    List<PodView> views = reports.of(gateways);
    return plan.pipelines().stream()
        .filter(one -> one.deletedAt().map(at -> at.plus(SETTLING).isBefore(now)).orElse(false))
        .map(PipelinePlan::id)
        .filter(
            id ->
                views.stream()
                    .allMatch(
                        view ->
                            view.failure().isEmpty()
                                && view.report().map(one -> one.hasEnded(id)).orElse(false)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What the gateways' journals survive, and where something was left, when last looked at. */
  Condition journal() {
    return journal;
  }

  /** The deleted pipelines of which nothing was left when this was last looked at. */
  Set<PipelineId> ended() {
    return ended;
  }

  /** The pods of the gateway that are not about to end. */
  List<Pod> gateways(ClusterState state) {
    return ComponentObjects.pods(state, Component.GATEWAY).stream()
        .filter(one -> !one.isMarkedForDeletion())
        .toList();
  }

  /**
   * Whether pods have nothing more to take, nor to deliver of what is deleted or of another mode.
   */
  boolean isSettled() {
    return taken.outstanding().isEmpty() && !ending && !emptying;
  }

  /** The conditions of a pipeline. */
  List<Condition> conditions(ReadPipeline pipeline, PipelinePlan plan) {
    return conditions.of(
        plan,
        new PipelineHealth(
            gateway,
            flows.of(plan.id(), gateways, seen),
            MissingAgents.of(pipeline),
            Flow.HEALTHY,
            taken.failure(plan.id())));
  }

  @Override
  public void close() {
    reports.close();
  }

  /** The namespace in which OTLP is taken; empty where it is not. */
  Optional<String> takesOtlpIn() {
    return takesOtlp ? Optional.of(settings.namespace()) : Optional.empty();
  }
}
