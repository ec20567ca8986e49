/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import io.caravan.api.schema.DidYouMean;
import io.caravan.api.schema.Violation;
import io.caravan.api.schema.Violation.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks what every resource's metadata must be, which no resource definition says. */
final class MetadataCheck {

  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final int LONGEST_NAME = 253;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*+");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private static final List<String> FIELDS =
      List.of(
          "name",
          "namespace",
          "labels",
          "annotations",
          "generateName",
          "finalizers",
          "ownerReferences",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  private MetadataCheck() {}

  static List<Violation> check(JsonNode tree) {
    List<Violation> violations = new ArrayList<>();
    JsonNode metadata = tree.path("metadata");
    if (!metadata.isObject()) {
      violations.add(
          metadata.isMissingNode()
              ? new Violation(METADATA, Reason.MISSING, "required, but missing")
              : new Violation(
                  METADATA, Reason.WRONG_TYPE, "expected an object with the field name"));
      return violations;
    }
    metadata
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                violations.add(
                    new Violation(
                        METADATA.field(field),
                        Reason.UNKNOWN_FIELD,
                        "unknown field" + DidYouMean.hint(field, FIELDS)));
              }
            });
    name(metadata.path("name"), violations);
    namespace(metadata.path("namespace"), violations);
    texts(metadata, "labels", violations);
    texts(metadata, "annotations", violations);
    return violations;
  }

  private static void name(JsonNode name, List<Violation> violations) {
    FieldPath path = METADATA.field("name");
    if (name.isMissingNode()) {
      violations.add(new Violation(path, Reason.MISSING, "required, but missing"));
    } else if (!name.isTextual()) {
      violations.add(
          new Violation(path, Reason.WRONG_TYPE, "expected a string; put the name in quotes"));
    } else if (name.asText().length() > LONGEST_NAME || !NAME.matcher(name.asText()).matches()) {
      violations.add(
          new Violation(
              path,
              Reason.INVALID,
              "a name has %d characters at most, of a-z, 0-9, - and ., and begins and ends with a letter or digit"
                  .formatted(LONGEST_NAME)));
    }
  }

  private static void namespace(JsonNode namespace, List<Violation> violations) {
    boolean valid =
        namespace.isMissingNode()
            || (namespace.isTextual()
                && (namespace.asText().isEmpty()
                    || NAMESPACE.matcher(namespace.asText()).matches()));
    if (!valid) {
      violations.add(
          new Violation(
              METADATA.field("namespace"),
              Reason.INVALID,
              "a namespace is a string of 63 characters at most, of a-z, 0-9 and -, and begins and ends with a letter or digit"));
    }
  }

  private static void texts(JsonNode metadata, String field, List<Violation> violations) {
    JsonNode map = metadata.path(field);
    FieldPath path = METADATA.field(field);
    if (!map.isObject() && !map.isMissingNode() && !map.isNull()) {
      violations.add(new Violation(path, Reason.WRONG_TYPE, "expected an object of strings"));
    }
    map.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isTextual()) {
                violations.add(
                    new Violation(
                        path.field(entry.getKey()),
                        Reason.WRONG_TYPE,
                        "expected a string; put the value in quotes"));
              }
            });
  }
}
