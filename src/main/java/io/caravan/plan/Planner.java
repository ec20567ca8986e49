/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.MetricPipeline;
import io.caravan.api.Pipeline;
import io.caravan.api.RuntimeMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Snapshot to plan: what each pipeline means, and whether it can be run.
 *
 * <p>Pure: it reads nothing but the snapshot, clock and files included, and equal snapshots give
 * equal plans in whatever order they list things. One pipeline's faults touch no other.
 */
public final class Planner {
  private static final String CONDITION = "ConfigurationGenerated";
  private static final String DELIVERY_WITHOUT_EFFECT =
      "This version reads no input itself: spec.delivery.holdInput is checked and has no effect yet.";

  private static final String RETAINS_LITTLE =
      "With spec.delivery.acknowledge 'delivered', spec.delivery.retain keeps only what another pipeline takes as well: the rest is never written to the journal.";

  private final Snapshot snapshot;
  private final SecretLookup secrets;
  private final OutputPlanner outputs;
  private final PipelineLimit limit;

  private Planner(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.secrets = new SecretLookup(snapshot.secrets());
    this.outputs =
        new OutputPlanner(secrets, new KameletCatalog(snapshot.kamelets()), snapshot.now());
    this.limit = new PipelineLimit(snapshot.pipelines(), snapshot.maxPipelines());
  }

  public static Plan plan(Snapshot snapshot) {
    Planner planner = new Planner(snapshot);
    return new Plan(
        snapshot.pipelines().stream()
            .sorted(Comparator.comparing(Pipeline::id))
            .map(planner::plan)
            .toList());
  }

  private PipelinePlan plan(Pipeline pipeline) {
    try {
      secrets.requireAll(SecretReferences.of(pipeline));
      OutputPlan output = outputs.plan(pipeline);
      limit.check(pipeline);
      checkAdditionalMetrics(pipeline);
      InputPlan input = InputPlan.of(pipeline, snapshot.mode());

      List<String> notices = new ArrayList<>(input.notices());
      notices.addAll(output.notices());
      if (pipeline.delivery().retain().isPresent()
          && pipeline.delivery().acknowledge() == Acknowledge.DELIVERED) {
        notices.add(RETAINS_LITTLE);
      }
      if (!pipeline.delivery().holdInput().equals(Delivery.DEFAULT.holdInput())) {
        notices.add(DELIVERY_WITHOUT_EFFECT);
      }
      notices.addAll(TelemetryNotices.of(snapshot.telemetry()));
      return new PipelinePlan(
          pipeline.id(),
          generated(pipeline, output.aboutToExpire()),
          notices,
          pipeline.delivery(),
          pipeline.metadata().deletionTimestamp(),
          Optional.of(routes(pipeline, input, output)));
    } catch (RejectedException rejected) {
      return new PipelinePlan(
          pipeline.id(),
          condition(Status.FALSE, rejected.reason(), rejected.text()),
          List.of(),
          pipeline.delivery(),
          pipeline.metadata().deletionTimestamp(),
          Optional.empty());
    }
  }

  /** The webhook judges by the same list; who applied before it was there has not been judged. */
  private static void checkAdditionalMetrics(Pipeline pipeline) throws RejectedException {
    if (pipeline instanceof MetricPipeline metrics) {
      List<String> unknown = RuntimeMetrics.unknown(metrics.input().runtime().additionalMetrics());
      if (!unknown.isEmpty()) {
        throw new RejectedException(
            Reason.RUNTIME_ADDITIONAL_METRIC_INVALID, RuntimeMetrics.refusal(unknown.getFirst()));
      }
    }
  }

  private static PipelineRoutes routes(Pipeline pipeline, InputPlan input, OutputPlan output) {
    PlannedKamelet kamelet = output.kamelet().planned();
    RoutesYaml yaml = new RoutesYaml(pipeline.id(), input.otlp(), kamelet);
    Digest content = new Digest().add(yaml.withDigest("")).add(kamelet.yaml());
    output
        .values()
        .forEach(
            (name, value) ->
                content.add(name).add(value.getClass().getSimpleName()).add(value.text()));
    String digest = content.toHex();
    return new PipelineRoutes(
        digest,
        yaml.routeId(digest),
        yaml.withDigest(digest),
        kamelet,
        output.values(),
        output.destination());
  }

  private static Condition generated(Pipeline pipeline, Optional<String> aboutToExpire) {
    return aboutToExpire
        .map(message -> condition(Status.TRUE, Reason.TLS_CERTIFICATE_ABOUT_TO_EXPIRE, message))
        .orElseGet(
            () ->
                condition(
                    Status.TRUE,
                    Reason.GATEWAY_CONFIGURED,
                    pipeline.kind().kind()
                        + " specification is successfully applied to the configuration of OTLP"
                        + " Gateway"));
  }

  private static Condition condition(Status status, Reason reason, String message) {
    return new Condition(CONDITION, status, reason.toString(), message);
  }
}
