/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/**
 * OTTL statements that change records.
 *
 * @param conditions the statements run where any holds, or always where there are none
 */
public record TransformSpec(List<String> conditions, List<String> statements) {

  public TransformSpec {
    conditions = List.copyOf(conditions);
    statements = List.copyOf(statements);
  }
}
