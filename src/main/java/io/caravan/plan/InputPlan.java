/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.LogPipeline;
import io.caravan.api.MetricPipeline;
import io.caravan.api.NamespaceSelector;
import io.caravan.api.OtlpInput;
import io.caravan.api.Pipeline;
import io.caravan.api.TracePipeline;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pipeline takes of what is pushed, and what it asks for and does not get.
 *
 * @param notices a sentence each
 */
record InputPlan(OtlpInput otlp, List<String> notices) {

  static InputPlan of(Pipeline pipeline, Mode mode) {
    OtlpInput otlp =
        switch (pipeline) {
          case LogPipeline logs -> logs.input().otlp();
          case MetricPipeline metrics -> metrics.input().otlp();
          case TracePipeline _ -> new OtlpInput(true, NamespaceSelector.ALL);
        };
    List<String> notices = new ArrayList<>();
    List<String> pulled = pullInputs(pipeline);
    boolean serves =
        switch (mode) {
          case STANDALONE -> {
            if (!pulled.isEmpty()) {
              notices.add(
                  "Outside a cluster there is no input %s; the pipeline runs without."
                      .formatted(String.join(", ", pulled)));
            }
            yield false;
          }
          // Agents do, each what it is there for.
          case CLUSTER -> !pulled.isEmpty();
        };
    if (!otlp.enabled() && !serves) {
      notices.add("No input is left: the pipeline runs and gets nothing.");
    }
    return new InputPlan(otlp, List.copyOf(notices));
  }

  /** Those that are enabled, by their fields. */
  private static List<String> pullInputs(Pipeline pipeline) {
    List<String> inputs = new ArrayList<>();
    switch (pipeline) {
      case LogPipeline logs -> {
        if (logs.input().runtime().enabled()) {
          inputs.add("spec.input.runtime (container logs)");
        }
      }
      case MetricPipeline metrics -> {
        if (metrics.input().prometheus().enabled()) {
          inputs.add("spec.input.prometheus");
        }
        if (metrics.input().istio().enabled()) {
          inputs.add("spec.input.istio");
        }
        if (metrics.input().runtime().enabled()) {
          inputs.add("spec.input.runtime");
        }
      }
      case TracePipeline _ -> {}
    }
    return inputs;
  }
}
