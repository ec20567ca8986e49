/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static io.caravan.api.schema.ResourceKind.TELEMETRY;
import static io.caravan.api.schema.ResourceKind.TELEMETRY_REPLAY;

import io.caravan.api.schema.RuleCases.Case;
import java.util.ArrayList;
import java.util.List;

/** The rules of Telemetry and TelemetryReplay, broken and kept. */
final class TelemetryRuleCases {

  private TelemetryRuleCases() {}

  static List<Case> all() {
    String message = "'collectionInterval' must be greater than 0";
    List<Case> cases = new ArrayList<>();
    for (String zero : List.of("0s", "-1m", "0")) {
      cases.add(
          new Case(
              TELEMETRY,
              message,
              "spec.metric.collectionInterval",
              "{metric: {collectionInterval: '" + zero + "'}}",
              "{metric: {collectionInterval: 1ns}}"));
    }
    for (String input : List.of("runtime", "prometheus", "istio")) {
      cases.add(
          new Case(
              TELEMETRY,
              message,
              "spec.metric." + input + ".collectionInterval",
              "{metric: {" + input + ": {collectionInterval: 0s}}}",
              "{metric: {" + input + ": {collectionInterval: 1h30m}}}"));
    }
    for (String broken : List.of("{}", "{key: a, keyPrefix: b}")) {
      cases.add(
          new Case(
              TELEMETRY,
              "Either 'key' or 'keyPrefix' must be specified",
              "spec.enrichments.extractPodLabels[0]",
              "{enrichments: {extractPodLabels: [" + broken + "]}}",
              "{enrichments: {extractPodLabels: [{key: a}, {keyPrefix: b}]}}"));
    }
    cases.addAll(gateway());
    cases.add(
        replay(
            "'from' must be before 'until'",
            "from: '2026-11-21T08:00:00Z', until: '2026-11-21T09:00:00+01:00'",
            "from: '2026-11-21T08:00:00Z', until: '2026-11-21T09:00:00Z'"));
    for (String other : List.of("logpipeline/a", "metricpipeline/a")) {
      cases.add(
          replay(
              "'to' must be a pipeline of the same signal as 'pipeline'",
              "to: " + other,
              "to: tracepipeline/a"));
    }
    for (String field :
        List.of(
            "to: tracepipeline/a",
            "from: '2026-11-21T08:00:00Z'",
            "until: '2026-11-21T08:00:00Z'",
            "namespace: shop",
            "rate: 5")) {
      cases.add(
          replay(
              "'to', 'from', 'until', 'namespace' and 'rate' are only available with the source 'journal'",
              "source: deadLetters, " + field,
              "source: journal, " + field));
    }
    return cases;
  }

  private static List<Case> gateway() {
    List<Case> cases = new ArrayList<>();
    for (String broken : List.of("{size: 1Gi}", "{type: hostPath, size: 1Gi}")) {
      cases.add(
          new Case(
              TELEMETRY,
              "'size' needs 'type' emptyDir or persistentVolumeClaim",
              "spec.gateway.journal",
              "{gateway: {journal: " + broken + "}}",
              "{gateway: {journal: {type: emptyDir, size: 1Gi}}}"));
    }
    cases.add(
        new Case(
            TELEMETRY,
            "'journal.type' hostPath needs 'mode' daemonSet",
            "spec.gateway",
            "{gateway: {mode: central, journal: {type: hostPath}}}",
            "{gateway: {mode: daemonSet, journal: {type: hostPath}}}"));
    for (String broken : List.of("", "mode: daemonSet, ")) {
      cases.add(
          new Case(
              TELEMETRY,
              "'journal.type' persistentVolumeClaim needs 'mode' central",
              "spec.gateway",
              "{gateway: {" + broken + "journal: {type: persistentVolumeClaim}}}",
              "{gateway: {mode: central, journal: {type: persistentVolumeClaim, size: 5Gi}}}"));
    }
    return cases;
  }

  private static Case replay(String message, String broken, String kept) {
    String pipeline = "{pipeline: tracepipeline/demo, ";
    return new Case(
        TELEMETRY_REPLAY, message, "spec", pipeline + broken + "}", pipeline + kept + "}");
  }
}
