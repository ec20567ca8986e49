/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Condition;
import io.caravan.api.PipelineId;
import io.caravan.api.Telemetry;
import io.caravan.api.convert.Resources;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ResourceKind;
import io.caravan.manager.admission.WebhookCertificates;
import io.caravan.manager.cluster.Applier;
import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ClusterWatch;
import io.caravan.manager.cluster.ConfigMaps;
import io.caravan.manager.cluster.Finalizers;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.cluster.RoundRequests;
import io.caravan.manager.cluster.SecretWatch;
import io.caravan.manager.cluster.SecretsSeen;
import io.caravan.manager.control.ReplayFollower;
import io.caravan.manager.round.ClusterPlanner;
import io.caravan.manager.round.DesiredObjects;
import io.caravan.manager.round.EmptiedClaims;
import io.caravan.manager.round.FormerGateways;
import io.caravan.manager.round.Overrides;
import io.caravan.manager.round.PipelineReader;
import io.caravan.manager.round.PlanMemo;
import io.caravan.manager.round.ReadPipeline;
import io.caravan.manager.round.UserKamelets;
import io.caravan.manager.status.PipelineStatus;
import io.caravan.manager.status.TelemetryStatus;
import io.caravan.manager.workload.PlanObjects;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.shard.Shards;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One round after the other: takes what the watches have seen, plans it, applies what that asks
 * for, and reports. One thread.
 */
final class Round implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As long as a round waits for watches of Secrets that it has just begun. */
  private static final Duration SECRETS = Duration.ofSeconds(5);

  private final ManagerSettings settings;
  private final ClusterWatch watch;
  private final SecretWatch secrets;
  private final Applier applier;
  private final Finalizers finalizers;
  private final LaidOut laidOut;
  private final PlanObjects planObjects;
  private final PlanToken token;
  private final DataPlane dataPlane;
  private final Reporting reporting;
  private final WebhookUpkeep webhooks;
  private final PipelineReader reader = new PipelineReader();
  private final ReplayFollower replays;
  private final PlanMemo planned = new PlanMemo();
  private final Told told;

  Round(
      ManagerSettings settings,
      KubernetesClient client,
      ClusterWatch watch,
      SecretWatch secrets,
      RoundRequests requests,
      WebhookUpkeep webhooks) {
    this.settings = settings;
    this.told = new Told(settings.logLevel());
    this.watch = watch;
    this.secrets = secrets;
    this.applier = new Applier(client);
    this.finalizers = new Finalizers(client);
    this.laidOut = new LaidOut(client, settings.namespace());
    this.planObjects = new PlanObjects(settings.installation());
    this.token = new PlanToken(client, settings.namespace());
    this.dataPlane = new DataPlane(settings, token::value, requests::request);
    this.replays = ReplayFollower.start(client, token::value);
    this.webhooks = webhooks;
    this.reporting = new Reporting(client, settings.identity());
  }

  /**
   * Runs one.
   *
   * @return what could not be done, and why; for people
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if nothing could be done
   */
  SortedMap<ObjectKey, String> run(Instant now) throws InterruptedException {
    ClusterState state = watch.state();
    Overrides overrides = told.overrides(Overrides.of(ConfigMaps.overrides(state.configMaps())));
    List<ReadPipeline> pipelines = reader.read(state.pipelines());
    Optional<Telemetry> telemetry = state.telemetry().flatMap(told::telemetry);
    ClusterPlanner planner =
        new ClusterPlanner(pipelines, overrides, laidOut.plan(), settings.maxPipelines(), planned);
    secrets.want(planner.secrets());
    SecretsSeen seen = secrets.seen(SECRETS);
    UserKamelets kamelets = told.kamelets(UserKamelets.of(settings.shipped(), state.configMaps()));
    Plan plan = planner.plan(seen, telemetry, kamelets.kamelets(), now);
    Shards shards = laidOut.next(plan, dataPlane.ended(), now);

    SortedMap<ObjectKey, String> failures = new TreeMap<>();
    boolean ends = state.telemetry().map(HasMetadata::isMarkedForDeletion).orElse(false);
    // Without a pipeline, also a deleted one, there is nothing to carry and nobody to carry it to.
    boolean idle = laidOut.plan().pipelines().isEmpty() && pipelines.isEmpty();
    boolean uninstalls = ends && idle;
    DesiredObjects objects = new DesiredObjects(settings.installation(), state);
    List<HasMetadata> desired =
        new ArrayList<>(objects.owned(webhooks.objects(webhookSecret(state), now)));
    FormerGateways former = FormerGateways.NONE;
    if (!idle) {
      desired.add(planObjects.token(token.value()));
      desired.addAll(planObjects.of(shards.shards()));
      if (!overrides.gatewayPaused()) {
        List<HasMetadata> workloads = objects.workloads(telemetry, laidOut.plan());
        if (!workloads.isEmpty()) {
          former = told.former(dataPlane.former(state, telemetry, now));
          former.lead(workloads);
        }
        desired.addAll(workloads);
        desired.addAll(former.emptying());
      }
    }
    List<HasMetadata> going =
        overrides.gatewayPaused()
            ? List.of()
            : objects.superfluous(desired).stream().filter(former::isSuperfluous).toList();
    desired.addAll(EmptiedClaims.of(state.ours(), going, idle));
    failures.putAll(applier.apply(desired, state.ours()));
    webhooks.applied();
    failures.putAll(applier.delete(going));
    dataPlane.look(state, applier.newest(state.ours()), laidOut.plan(), telemetry, failures, now);
    List<PipelineStatus> statuses = report(pipelines, withRefused(plan, shards), overrides, now);
    replays.see(
        state.replays(),
        dataPlane.gateways(state),
        pipelines.stream().map(one -> one.id().toString()).collect(Collectors.toSet()));
    failures.putAll(reporting.failures());
    if (!overrides.telemetryPaused()) {
      state
          .telemetry()
          .ifPresent(one -> telemetry(one, statuses, uninstalls && failures.isEmpty(), now));
    }
    failures.putAll(reporting.failures());
    return failures;
  }

  /** The version of the Secret with the webhooks' certificates that the watches have seen. */
  private String webhookSecret(ClusterState state) {
    ObjectKey key = new ObjectKey("v1", "Secret", settings.namespace(), WebhookCertificates.SECRET);
    return Optional.ofNullable(state.ours().get(key))
        .map(one -> one.getMetadata().getResourceVersion())
        .orElse("");
  }

  /** Whether everything is as it will stay while nothing changes. */
  boolean isSettled() {
    return dataPlane.isSettled();
  }

  /** Whether statuses are still to be written, for which this round has had no time. */
  boolean isUnfinished() {
    return reporting.isUnfinished();
  }

  @Override
  public void close() {
    replays.close();
    dataPlane.close();
  }

  private static Plan withRefused(Plan plan, Shards shards) {
    return new Plan(
        plan.pipelines().stream()
            .map(
                one ->
                    Optional.ofNullable(shards.refused().get(one.id()))
                        .map(why -> with(one, why))
                        .orElse(one))
            .toList());
  }

  private static PipelinePlan with(PipelinePlan plan, Condition generated) {
    return new PipelinePlan(
        plan.id(), generated, plan.notices(), plan.delivery(), plan.deletedAt(), plan.routes());
  }

  private List<PipelineStatus> report(
      List<ReadPipeline> pipelines, Plan plan, Overrides overrides, Instant now) {
    SortedMap<PipelineId, PipelinePlan> planned = new TreeMap<>();
    plan.pipelines().forEach(each -> planned.put(each.id(), each));
    reporting.begin(pipelines.stream().map(ReadPipeline::resource).toList());
    List<PipelineStatus> statuses = new ArrayList<>();
    for (ReadPipeline each : pipelines) {
      PipelinePlan one = planned.get(each.id());
      if (one != null) {
        List<Condition> conditions = dataPlane.conditions(each, one);
        statuses.add(new PipelineStatus(each.id(), conditions));
        if (!overrides.paused().contains(each.id().kind())) {
          reporting.pipeline(each.resource(), conditions, now);
        }
      }
    }
    return statuses;
  }

  private void telemetry(
      GenericKubernetesResource resource,
      List<PipelineStatus> pipelines,
      boolean uninstalled,
      Instant now) {
    if (!resource.isMarkedForDeletion()) {
      finalizers.add(resource);
      TelemetryStatus status = TelemetryStatus.of(pipelines).and(dataPlane.journal());
      reporting.telemetry(resource, status, dataPlane.takesOtlpIn(), now);
    } else if (uninstalled) {
      told.uninstalled(settings.namespace());
      finalizers.remove(resource);
    } else {
      reporting.telemetry(
          resource, TelemetryStatus.deleting(pipelines), dataPlane.takesOtlpIn(), now);
    }
  }

  /** What a Telemetry resource says; empty where it is not valid. */
  static Optional<Telemetry> read(GenericKubernetesResource resource) {
    ObjectNode tree = JSON.valueToTree(resource);
    Admission.Review review = Admission.review(ResourceKind.TELEMETRY, tree);
    return review.violations().isEmpty()
        ? Optional.of(Resources.telemetry(review.tree()))
        : Optional.empty();
  }
}
