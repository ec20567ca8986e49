/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.CustomOutput;
import io.caravan.api.HttpOutput;
import io.caravan.api.KameletOutput;
import io.caravan.api.OtlpOutput;
import io.caravan.api.Pipeline;
import io.caravan.api.ValueType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Plans an output of any kind onto a Kamelet. */
final class OutputPlanner {
  private static final String KAMELET = "spec.output.kamelet";

  private final SecretLookup secrets;
  private final KameletCatalog kamelets;
  private final OtlpOutputPlanner otlp;

  OutputPlanner(SecretLookup secrets, KameletCatalog kamelets, Instant now) {
    this.secrets = secrets;
    this.kamelets = kamelets;
    this.otlp = new OtlpOutputPlanner(secrets, kamelets, new TlsCheck(secrets, now));
  }

  OutputPlan plan(Pipeline pipeline) throws RejectedException {
    return switch (pipeline.output()) {
      case OtlpOutput output -> {
        OtlpOutputPlanner.Checked checked = otlp.check(output);
        // Before the Kamelet is asked, which would reject what it has no property for.
        UnsupportedFields.rejectAny(pipeline);
        yield otlp.plan(checked);
      }
      case KameletOutput output -> {
        OutputPlan plan = kamelet(output);
        UnsupportedFields.rejectAny(pipeline);
        yield plan;
      }
      case HttpOutput _, CustomOutput _ -> throw UnsupportedFields.rejection(pipeline);
    };
  }

  private OutputPlan kamelet(KameletOutput output) throws RejectedException {
    Kamelet kamelet = kamelets.require(output.name(), KAMELET + ".name");
    NavigableMap<String, PlanValue> properties = new TreeMap<>();
    List<String> notices = new ArrayList<>();
    for (Map.Entry<String, ValueType> property : new TreeMap<>(output.properties()).entrySet()) {
      PlanValue value = secrets.resolve(property.getValue()).orElseThrow();
      properties.put(property.getKey(), value);
      KameletProperty schema = kamelet.properties().get(property.getKey());
      if (schema != null && schema.classify(value) instanceof PlanValue.Referenced) {
        notices.add(unmarked(kamelet, property.getKey()));
      }
    }
    NavigableMap<String, PlanValue> values =
        new KameletBinding(kamelet, KAMELET + ".properties").bind(properties);
    return new OutputPlan(
        kamelet, values, Destination.of(kamelet, values), Optional.empty(), notices);
  }

  private static String unmarked(Kamelet kamelet, String property) {
    return ("%s.properties.%s is read from a Secret, but Kamelet '%s' does not mark it secret"
            + " (format: password): Camel may show it in URIs.")
        .formatted(KAMELET, property, kamelet.name());
  }
}
