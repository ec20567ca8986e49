/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * An output, planned onto its Kamelet.
 *
 * @param values the Kamelet's properties, checked against its schema
 * @param destination for people
 * @param aboutToExpire the message of the condition that warns of a certificate's end
 */
record OutputPlan(
    Kamelet kamelet,
    NavigableMap<String, PlanValue> values,
    String destination,
    Optional<String> aboutToExpire,
    List<String> notices) {

  OutputPlan {
    notices = List.copyOf(notices);
  }
}
