/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/**
 * OTTL conditions that drop records.
 *
 * @param conditions a record is dropped where any holds
 */
public record FilterSpec(List<String> conditions) {

  public FilterSpec {
    conditions = List.copyOf(conditions);
  }
}
