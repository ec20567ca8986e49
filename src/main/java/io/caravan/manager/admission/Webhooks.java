/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The webhooks by their paths, which are the predecessor's. */
public final class Webhooks {

  /** Where an API server has resources converted. */
  public static final String CONVERT = "/convert";

  /** The kinds that webhooks judge. The others have only the rules of their definitions. */
  public static final List<ResourceKind> KINDS =
      List.of(ResourceKind.LOG_PIPELINE, ResourceKind.METRIC_PIPELINE, ResourceKind.TRACE_PIPELINE);

  private Webhooks() {}

  /** {@code /mutate-telemetry-kyma-project-io-v1beta1-logpipeline}. */
  public static String mutate(ResourceKind kind, ApiVersion version) {
    return path("mutate", kind, version);
  }

  /** {@code /validate-telemetry-kyma-project-io-v1beta1-logpipeline}. */
  public static String validate(ResourceKind kind, ApiVersion version) {
    return path("validate", kind, version);
  }

  /** What answers a review, by path. A review that is none is an IllegalArgumentException. */
  static Map<String, Function<JsonNode, ObjectNode>> all() {
    Map<String, Function<JsonNode, ObjectNode>> webhooks = new LinkedHashMap<>();
    for (ResourceKind kind : KINDS) {
      for (ApiVersion version : kind.versions()) {
        AdmissionReviews reviews = new AdmissionReviews(kind, version);
        webhooks.put(mutate(kind, version), reviews::defaulted);
        webhooks.put(validate(kind, version), reviews::validated);
      }
    }
    webhooks.put(CONVERT, ConversionReviews::converted);
    return webhooks;
  }

  private static String path(String what, ResourceKind kind, ApiVersion version) {
    return "/%s-%s-%s-%s"
        .formatted(
            what, kind.group().replace('.', '-'), version, kind.kind().toLowerCase(Locale.ROOT));
  }
}
