/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Authentication;
import io.caravan.api.CustomOutput;
import io.caravan.api.HttpOutput;
import io.caravan.api.KameletOutput;
import io.caravan.api.LogPipeline;
import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Temporality;
import io.caravan.api.Pipeline;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the parts of a valid pipeline that this version cannot honour. None of them is ever
 * ignored: such a pipeline does not run. docs/compatibility.md has the same list.
 */
final class UnsupportedFields {
  private UnsupportedFields() {}

  static void rejectAny(Pipeline pipeline) throws RejectedException {
    if (!of(pipeline).isEmpty()) {
      throw rejection(pipeline);
    }
  }

  static RejectedException rejection(Pipeline pipeline) {
    return new RejectedException(
        Reason.NOT_SUPPORTED_YET,
        "This version cannot honour %s yet, so the pipeline does not run; docs/compatibility.md tells what to use instead"
            .formatted(String.join(", ", of(pipeline))));
  }

  /** The paths of the fields. */
  static List<String> of(Pipeline pipeline) {
    List<String> paths = new ArrayList<>();
    if (!pipeline.transform().isEmpty()) {
      paths.add("spec.transform");
    }
    if (!pipeline.filter().isEmpty()) {
      paths.add("spec.filter");
    }
    switch (pipeline.output()) {
      case OtlpOutput otlp -> addOtlp(otlp, paths);
      case KameletOutput _ -> {}
      case HttpOutput _ -> paths.add("spec.output.http");
      case CustomOutput _ -> paths.add("spec.output.custom");
    }
    if (pipeline instanceof LogPipeline logs) {
      addFluentBit(logs, paths);
    }
    return paths;
  }

  private static void addOtlp(OtlpOutput otlp, List<String> paths) {
    if (otlp.authentication().filter(Authentication.Oauth2.class::isInstance).isPresent()) {
      paths.add("spec.output.otlp.authentication.oauth2");
    }
    otlp.temporality()
        .filter(Temporality.DELTA::equals)
        .ifPresent(_ -> paths.add("spec.output.otlp.temporality"));
  }

  private static void addFluentBit(LogPipeline logs, List<String> paths) {
    if (!logs.filters().isEmpty()) {
      paths.add("spec.filters");
    }
    if (!logs.files().isEmpty()) {
      paths.add("spec.files");
    }
    if (!logs.variables().isEmpty()) {
      paths.add("spec.variables");
    }
  }
}
