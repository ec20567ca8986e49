/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The annotation that keeps a v1alpha1 object as it was written, so that whoever reads it back in
 * that version finds their own words. It counts only as long as nobody has changed the spec since,
 * which the generation tells. The predecessor reads and writes the same.
 */
final class ConversionData {

  static final String ANNOTATION = "telemetry.kyma-project.io/conversion-data";

  /** In characters. All annotations together may have 256 KiB; what is larger is not kept. */
  private static final int LONGEST = 128 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  private ConversionData() {}

  /** Without a generation, as in a file, nobody could tell later whether it still counts. */
  static void keep(ObjectNode alpha, ObjectNode beta) {
    remove(beta);
    JsonNode generation = alpha.path("metadata").path("generation");
    if (!generation.isNumber() || !(beta.path("metadata") instanceof ObjectNode metadata)) {
      return;
    }
    ObjectNode kept = JSON.createObjectNode();
    kept.set("apiVersion", alpha.path("apiVersion"));
    kept.set("kind", alpha.path("kind"));
    kept.putObject("metadata").set("generation", generation);
    if (alpha.has("spec")) {
      kept.set("spec", alpha.get("spec"));
    }
    String text = kept.toString();
    if (text.length() <= LONGEST) {
      (metadata.path("annotations") instanceof ObjectNode annotations
              ? annotations
              : metadata.putObject("annotations"))
          .put(ANNOTATION, text);
    }
  }

  static void restore(ObjectNode alpha) {
    JsonNode metadata = alpha.path("metadata");
    String text = metadata.path("annotations").path(ANNOTATION).asText();
    remove(alpha);
    if (text.isEmpty()) {
      return;
    }
    try {
      JsonNode kept = JSON.readTree(text);
      long generation = kept.path("metadata").path("generation").asLong(-1);
      if (generation == metadata.path("generation").asLong() && kept.path("spec").isObject()) {
        alpha.set("spec", kept.path("spec"));
      }
    } catch (JsonProcessingException e) {
      // Somebody has edited the annotation. What the conversion made of the spec says the same.
      return;
    }
  }

  private static void remove(ObjectNode tree) {
    if (tree.path("metadata") instanceof ObjectNode metadata
        && metadata.path("annotations") instanceof ObjectNode annotations
        && annotations.remove(ANNOTATION) != null
        && annotations.isEmpty()) {
      metadata.remove("annotations");
    }
  }
}
