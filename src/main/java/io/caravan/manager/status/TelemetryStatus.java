/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static java.util.stream.Collectors.joining;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.PipelineKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the status of the Telemetry resource says of all pipelines.
 *
 * @param conditions one a kind: logs, metrics, traces; then what else there is to say
 */
public record TelemetryStatus(TelemetryState state, List<Condition> conditions) {
  /** What goes wrong first is told first. */
  private static final List<String> TYPES =
      List.of("ConfigurationGenerated", "GatewayHealthy", "AgentHealthy", FlowCondition.TYPE);

  private static final String ABOUT_TO_EXPIRE = "TLSCertificateAboutToExpire";

  public TelemetryStatus {
    conditions = List.copyOf(conditions);
  }

  /** While the Telemetry resource is there. */
  public static TelemetryStatus of(List<PipelineStatus> pipelines) {
    List<Condition> conditions =
        Arrays.stream(PipelineKind.values())
            .map(kind -> components(kind, pipelines.stream().filter(of(kind)).toList()))
            .toList();
    boolean warns =
        conditions.stream()
            .anyMatch(one -> one.status() == Status.FALSE || one.reason().equals(ABOUT_TO_EXPIRE));
    return new TelemetryStatus(warns ? TelemetryState.WARNING : TelemetryState.READY, conditions);
  }

  /** With one more condition. */
  public TelemetryStatus and(Condition condition) {
    boolean warns = state == TelemetryState.READY && condition.status() == Status.FALSE;
    List<Condition> all = new ArrayList<>(conditions);
    all.add(condition);
    return new TelemetryStatus(warns ? TelemetryState.WARNING : state, all);
  }

  /** While it is being deleted, which waits until no pipeline is left. */
  public static TelemetryStatus deleting(List<PipelineStatus> pipelines) {
    if (pipelines.isEmpty()) {
      return new TelemetryStatus(TelemetryState.DELETING, of(pipelines).conditions());
    }
    return new TelemetryStatus(
        TelemetryState.WARNING,
        Arrays.stream(PipelineKind.values())
            .map(kind -> blocked(kind, pipelines.stream().filter(of(kind)).toList()))
            .toList());
  }

  private static Condition blocked(PipelineKind kind, List<PipelineStatus> pipelines) {
    return pipelines.isEmpty()
        ? components(kind, pipelines)
        : new Condition(
            type(kind),
            Status.FALSE,
            "ResourceBlocksDeletion",
            "The deletion of the module is blocked. To unblock the deletion, delete the following resources: %ss (%s)"
                .formatted(
                    kind.kind(),
                    sorted(pipelines).map(one -> one.id().name()).collect(joining(","))));
  }

  private static Predicate<PipelineStatus> of(PipelineKind kind) {
    return one -> one.id().kind() == kind;
  }

  private static Condition components(PipelineKind kind, List<PipelineStatus> pipelines) {
    if (pipelines.isEmpty()) {
      return new Condition(
          type(kind), Status.TRUE, "NoPipelineDeployed", "No pipelines have been deployed");
    }
    Optional<Condition> worst =
        TYPES.stream()
            .flatMap(type -> sorted(pipelines).flatMap(one -> one.find(type).stream()))
            .filter(one -> one.status() == Status.FALSE)
            .findFirst()
            .or(
                () ->
                    sorted(pipelines)
                        .flatMap(one -> one.conditions().stream())
                        .filter(one -> one.reason().equals(ABOUT_TO_EXPIRE))
                        .findFirst());
    return worst
        .map(one -> new Condition(type(kind), one.status(), one.reason(), one.message()))
        .orElseGet(
            () ->
                new Condition(
                    type(kind),
                    Status.TRUE,
                    "ComponentsRunning",
                    "All %s components are running".formatted(noun(kind))));
  }

  private static Stream<PipelineStatus> sorted(List<PipelineStatus> pipelines) {
    return pipelines.stream().sorted(Comparator.comparing(PipelineStatus::id));
  }

  private static String type(PipelineKind kind) {
    return switch (kind) {
      case LOG -> "LogComponentsHealthy";
      case METRIC -> "MetricComponentsHealthy";
      case TRACE -> "TraceComponentsHealthy";
    };
  }

  private static String noun(PipelineKind kind) {
    return switch (kind) {
      case LOG -> "log";
      case METRIC -> "metric";
      case TRACE -> "trace";
    };
  }
}
