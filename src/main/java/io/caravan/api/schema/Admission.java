/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Judges a resource as a cluster does: the definition's defaults, the webhooks' defaults, the
 * structural schema, the CEL rules. Unlike an API server, which drops unknown fields, it reports
 * them. Thread-safe.
 */
public final class Admission {

  private Admission() {}

  /**
   * What came of a resource.
   *
   * @param tree the resource with its defaults
   * @param violations in the order of the checks; empty where it is valid
   */
  public record Review(ObjectNode tree, List<Violation> violations) {

    public Review {
      violations = List.copyOf(violations);
    }
  }

  /** Judges a new resource of the stored version. The tree is not changed. */
  public static Review review(ResourceKind kind, ObjectNode tree) {
    return review(kind, kind.stored(), tree, Optional.empty());
  }

  /**
   * Judges a resource. The tree is not changed.
   *
   * @param before the valid resource that it replaces, for the transition rules
   */
  public static Review review(
      ResourceKind kind, ApiVersion version, ObjectNode tree, Optional<JsonNode> before) {
    return judge(kind, version, tree, before, copy -> AdditionalMetrics.check(kind, copy));
  }

  /**
   * Judges a resource that a cluster has stored, for a planner: metrics that there are not are left
   * to it, which has a reason of its own for them. The tree is not changed.
   */
  public static Review stored(ResourceKind kind, ObjectNode tree) {
    return judge(kind, kind.stored(), tree, Optional.empty(), _ -> List.of());
  }

  private static Review judge(
      ResourceKind kind,
      ApiVersion version,
      ObjectNode tree,
      Optional<JsonNode> before,
      Function<ObjectNode, List<Violation>> metrics) {
    Schema schema = Definitions.schema(kind, version);
    ObjectNode copy = withDefaults(kind, version, tree);
    // Status is a subresource: what a manifest says of it has no effect.
    copy.remove("status");
    List<Violation> violations =
        new ArrayList<>(StructuralCheck.check(copy, schema, FieldPath.ROOT));
    violations.addAll(KameletProperties.check(copy));
    violations.addAll(metrics.apply(copy));
    violations.addAll(RuleCheck.check(copy, before, schema, FieldPath.ROOT, violations));
    return new Review(copy, violations);
  }

  /** A copy of the tree with the defaults of the definition and of the mutating webhook. */
  public static ObjectNode withDefaults(ResourceKind kind, ApiVersion version, ObjectNode tree) {
    Schema schema = Definitions.schema(kind, version);
    ObjectNode copy = tree.deepCopy();
    SchemaDefaults.apply(copy, schema);
    WebhookDefaults.apply(kind, version, copy);
    SchemaDefaults.apply(copy, schema);
    return copy;
  }
}
