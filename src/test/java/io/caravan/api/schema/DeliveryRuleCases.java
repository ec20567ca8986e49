/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.schema.RuleCases.Case;
import java.util.List;

/** The rules of {@code spec.delivery}, broken and kept. */
final class DeliveryRuleCases {

  private DeliveryRuleCases() {}

  static List<Case> of(ResourceKind kind) {
    String retry =
        "'initial' (1s where it is left out) must not be greater than 'max' (30s where it is left"
            + " out)";
    return List.of(
        delivery(
            kind,
            "'age' must be greater than 0",
            ".buffer.age",
            "buffer: {age: 0s}",
            "buffer: {age: 1ns, size: 1}"),
        delivery(
            kind,
            "'initial' must be greater than 0",
            ".retry.initial",
            "retry: {initial: -1s}",
            "retry: {initial: 10ms}"),
        delivery(kind, retry, ".retry", "retry: {initial: 31s}", "retry: {initial: 30s}"),
        delivery(kind, retry, ".retry", "retry: {max: 0s}", "retry: {max: 1s}"),
        delivery(
            kind,
            retry,
            ".retry",
            "retry: {initial: 2m, max: 1m59s}",
            "retry: {initial: 2m, max: 120s}"),
        delivery(
            kind, "'onDelete' must not be negative", ".onDelete", "onDelete: -1ns", "onDelete: 0s"),
        delivery(
            kind,
            "'holdInput' must not be negative",
            ".holdInput",
            "holdInput: -1m",
            "holdInput: '0'"),
        delivery(
            kind,
            "'age' must be greater than 0",
            ".retain.age",
            "retain: {age: 0s}",
            "retain: {age: 1h}"),
        delivery(
            kind,
            "'retain' must have 'age' or 'size' set",
            ".retain",
            "retain: {}",
            "retain: {size: 10Gi}"));
  }

  private static Case delivery(
      ResourceKind kind, String message, String path, String broken, String kept) {
    String format = "{output: {kamelet: {name: x}}, delivery: {%s}}";
    return new Case(
        kind, message, "spec.delivery" + path, format.formatted(broken), format.formatted(kept));
  }
}
