/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.convert.Versions;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;

/** Answers {@code ConversionReview}s ({@code apiextensions.k8s.io/v1}). Pure and thread-safe. */
final class ConversionReviews {

  private static final String API_VERSION = "apiextensions.k8s.io/v1";

  private ConversionReviews() {}

  /**
   * All objects in the version that is asked for, in their order; or, if one of them cannot be
   * converted, none and the reason.
   *
   * @throws IllegalArgumentException if it is no review
   */
  static ObjectNode converted(JsonNode review) {
    JsonNode request = review.path("request");
    if (!review.path("apiVersion").asText().equals(API_VERSION)
        || !review.path("kind").asText().equals("ConversionReview")
        || !request.path("uid").isTextual()) {
      throw new IllegalArgumentException(
          "expected a ConversionReview of %s with a request that has a uid".formatted(API_VERSION));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("apiVersion", API_VERSION).put("kind", "ConversionReview");
    ObjectNode response = answer.putObject("response").put("uid", request.path("uid").asText());
    ArrayNode objects = JsonNodeFactory.instance.arrayNode();
    try {
      for (JsonNode object : request.path("objects")) {
        objects.add(converted(object, request.path("desiredAPIVersion").asText()));
      }
      response.set("convertedObjects", objects);
      response.putObject("result").put("status", "Success");
    } catch (IllegalArgumentException e) {
      response.putArray("convertedObjects");
      response.putObject("result").put("status", "Failure").put("message", e.getMessage());
    }
    return answer;
  }

  private static ObjectNode converted(JsonNode node, String apiVersion) {
    String name = node.path("kind").asText() + " " + node.path("metadata").path("name").asText();
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("expected an object, found " + node.getNodeType());
    }
    ResourceKind kind =
        ResourceKind.named(object.path("kind").asText())
            .orElseThrow(() -> new IllegalArgumentException(name + ": unknown kind"));
    ApiVersion version =
        kind.version(apiVersion)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s: there is no version %s".formatted(name, apiVersion)));
    return Versions.convert(kind, version, object);
  }
}
