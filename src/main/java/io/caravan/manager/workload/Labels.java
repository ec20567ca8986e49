/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels of everything that we make, and those by which others find our pods. */
public final class Labels {
  /** The label that all of our objects have, with the value {@link #MODULE_VALUE}. */
  public static final String MODULE = "kyma-project.io/module";

  public static final String MODULE_VALUE = "telemetry";

  /** The label that tells the manager's own objects from other people's. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  public static final String MANAGED_BY_VALUE = "telemetry-manager";

  static final String NAME = "app.kubernetes.io/name";
  static final String COMPONENT = "app.kubernetes.io/component";
  static final String PART_OF = "app.kubernetes.io/part-of";

  /** Pods with this label may scrape ours. */
  static final String SCRAPER = "networking.kyma-project.io/metrics-scraping";

  static final String SCRAPER_VALUE = "allowed";

  static final String SIDECAR = "sidecar.istio.io/inject";

  /** The value of {@link #COMPONENT} of the manager and of what belongs to it. */
  static final String MANAGER = "controller";

  /** The value of {@link #COMPONENT} of what carries the plan. */
  static final String PLAN = "plan";

  private static final String TELEMETRY = "telemetry.kyma-project.io/";

  /** The labels of pods that take what senders send, one a signal; all of them or none. */
  static final Set<String> INGEST =
      Set.of(TELEMETRY + "log-ingest", TELEMETRY + "metric-ingest", TELEMETRY + "trace-ingest");

  private Labels() {}

  /** Whether an object with our labels belongs to the manager itself, and not to what it makes. */
  public static boolean isOfManager(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && MANAGER.equals(labels.get(COMPONENT));
  }

  /** Whether an object carries the plan, or belongs to that. */
  public static boolean isOfPlan(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && PLAN.equals(labels.get(COMPONENT));
  }

  /** What the selectors of workloads, services and policies ask for; cannot be changed later. */
  static Map<String, String> selector(Component component) {
    return selector(component.objectName());
  }

  /** What leads senders to a gateway, and not to one that only delivers what it has. */
  static Map<String, String> serving() {
    Map<String, String> labels = new TreeMap<>(selector(Component.GATEWAY));
    labels.put(TELEMETRY + "trace-ingest", "true");
    return labels;
  }

  static Map<String, String> selector(String name) {
    return Map.of(NAME, name);
  }

  /** The labels of a component's objects. */
  static SortedMap<String, String> of(Component component) {
    return of(component.objectName(), component.family());
  }

  /** The labels of an object of that name, which belongs to that part of the module. */
  public static SortedMap<String, String> of(String name, String family) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(NAME, name);
    labels.put(COMPONENT, family);
    labels.put(PART_OF, MODULE_VALUE);
    labels.put(MANAGED_BY, MANAGED_BY_VALUE);
    labels.put(MODULE, MODULE_VALUE);
    return labels;
  }

  /** The labels of a component's pods, by which network policies of users select them. */
  static SortedMap<String, String> ofPods(Component component) {
    SortedMap<String, String> labels = of(component);
    labels.put(SIDECAR, "true");
    switch (component) {
      case GATEWAY -> {
        for (String signal : new String[] {"log", "trace", "metric"}) {
          labels.put(TELEMETRY + signal + "-ingest", "true");
          labels.put(TELEMETRY + signal + "-export", "true");
        }
      }
      case LOG_AGENT -> labels.put(TELEMETRY + "log-export", "true");
      case METRIC_AGENT -> {
        labels.put(TELEMETRY + "metric-scrape", "true");
        labels.put(TELEMETRY + "metric-export", "true");
        labels.put(SCRAPER, SCRAPER_VALUE);
      }
    }
    return labels;
  }
}
