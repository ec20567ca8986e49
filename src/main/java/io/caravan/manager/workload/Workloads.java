/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.api.Telemetry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All objects of the data plane. What is not among them and has our labels is to be deleted, but
 * for claims, which are retained.
 */
public final class Workloads {
  private static final String ENABLE_VPA = "telemetry.kyma-project.io/enable-vpa";

  private final Installation installation;
  private final Optional<Telemetry> telemetry;
  private final Needs needs;

  private Workloads(Installation installation, Optional<Telemetry> telemetry, Needs needs) {
    this.installation = installation;
    this.telemetry = telemetry;
    this.needs = needs;
  }

  /**
   * The objects in the order in which they are to be applied: accounts and rights first, workloads
   * last. Without status.
   *
   * @param telemetry the resource {@code default}, where there is one
   */
  public static List<HasMetadata> of(
      Installation installation, Optional<Telemetry> telemetry, Needs needs) {
    Workloads workloads = new Workloads(installation, telemetry, needs);
    return needs.components().stream().flatMap(each -> workloads.of(each).stream()).toList();
  }

  private List<HasMetadata> of(Component component) {
    Metadata metadata = new Metadata(installation, component);
    Placement placement = placement(component);
    Sizing fixed = Sizing.of(component);
    Sizing sizing = scales() ? fixed.scaled() : fixed;
    List<HasMetadata> objects = new ArrayList<>(AccessRights.of(metadata));
    objects.addAll(NetworkPolicies.of(metadata, needs));
    objects.add(MetricsService.of(metadata));
    if (component == Component.GATEWAY) {
      objects.addAll(OtlpServices.of(metadata, placement));
      needs.mesh().ifPresent(_ -> objects.addAll(MeshObjects.of(metadata)));
    }
    List<HasMetadata> workload =
        new WorkloadObjects(
                metadata,
                placement,
                new DataPlanePod(installation, component, placement, sizing, needs.mesh()))
            .all();
    objects.addAll(workload);
    if (scales()) {
      objects.add(
          VerticalPodAutoscalers.of(
              metadata,
              workload.getFirst().getKind(),
              sizing,
              needs.verticalScaling().orElseThrow()));
    }
    return objects;
  }

  private Placement placement(Component component) {
    return switch (component) {
      case GATEWAY -> Placement.ofGateway(installation, telemetry);
      case LOG_AGENT, METRIC_AGENT -> Placement.ofAgent(installation, component);
    };
  }

  /** Only the word {@code false} switches it off, as the contract has it. */
  private boolean scales() {
    return needs.verticalScaling().isPresent()
        && telemetry
            .map(each -> !"false".equals(each.metadata().annotations().get(ENABLE_VPA)))
            .orElse(true);
  }
}
