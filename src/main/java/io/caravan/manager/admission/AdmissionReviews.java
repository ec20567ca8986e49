/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.manifest.Deprecations;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.Violation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Answers {@code AdmissionReview}s ({@code admission.k8s.io/v1}) of one kind in one version. Pure
 * and thread-safe.
 */
final class AdmissionReviews {

  private static final String API_VERSION = "admission.k8s.io/v1";

  /** What Kubernetes itself answers for an object that breaks a rule. */
  private static final int UNPROCESSABLE = 422;

  private final ResourceKind kind;
  private final ApiVersion version;

  AdmissionReviews(ResourceKind kind, ApiVersion version) {
    this.kind = kind;
    this.version = version;
  }

  /**
   * Allows everything, and patches in the defaults.
   *
   * @throws IllegalArgumentException if it is no review
   */
  ObjectNode defaulted(JsonNode review) {
    JsonNode request = request(review);
    ObjectNode answer = answer(request);
    if (request.path("object") instanceof ObjectNode object && !isDeleted(object)) {
      ArrayNode patch = JsonPatch.between(object, Admission.withDefaults(kind, version, object));
      if (!patch.isEmpty()) {
        byte[] text = patch.toString().getBytes(StandardCharsets.UTF_8);
        response(answer)
            .put("patchType", "JSONPatch")
            .put("patch", Base64.getEncoder().encodeToString(text));
      }
    }
    return answer;
  }

  /**
   * Allows what {@code caravan validate} finds no error in, and warns of what is deprecated. A spec
   * that stays as it is was judged when it came: else an object that a stricter version would
   * refuse could neither be labelled nor deleted.
   *
   * @throws IllegalArgumentException if it is no review
   */
  ObjectNode validated(JsonNode review) {
    JsonNode request = request(review);
    ObjectNode answer = answer(request);
    if (!(request.path("object") instanceof ObjectNode object) || isDeleted(object)) {
      return answer;
    }
    Optional<JsonNode> before =
        request.path("oldObject").isObject()
            ? Optional.of(request.path("oldObject"))
            : Optional.empty();
    String name = object.path("metadata").path("name").asText();
    boolean unchanged =
        before.map(old -> old.path("spec").equals(object.path("spec"))).orElse(false);
    Admission.Review judged = Admission.review(kind, version, object, before);
    if (!unchanged && !judged.violations().isEmpty()) {
      refuse(response(answer), name, judged.violations());
    }
    if (kind == ResourceKind.LOG_PIPELINE) {
      ArrayNode warnings = response(answer).putArray("warnings");
      Deprecations.of(name, version, judged.tree()).values().forEach(warnings::add);
    }
    return answer;
  }

  private void refuse(ObjectNode response, String name, List<Violation> violations) {
    String what = violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
    response
        .put("allowed", false)
        .putObject("status")
        .put("code", UNPROCESSABLE)
        .put("reason", "Invalid")
        .put("message", "%s '%s' is invalid: %s".formatted(kind.kind(), name, what));
  }

  /** Nobody may hinder an object that goes away. */
  private static boolean isDeleted(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  private static JsonNode request(JsonNode review) {
    if (!review.path("apiVersion").asText().equals(API_VERSION)
        || !review.path("kind").asText().equals("AdmissionReview")
        || !review.path("request").path("uid").isTextual()) {
      throw new IllegalArgumentException(
          "expected an AdmissionReview of %s with a request that has a uid".formatted(API_VERSION));
    }
    return review.path("request");
  }

  private static ObjectNode answer(JsonNode request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("apiVersion", API_VERSION).put("kind", "AdmissionReview");
    answer.putObject("response").put("uid", request.path("uid").asText()).put("allowed", true);
    return answer;
  }

  private static ObjectNode response(ObjectNode answer) {
    return answer.withObject("/response");
  }
}
