/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.NavigableMap;

/** Where a pipeline delivers, for people. */
final class Destination {
  private Destination() {}

  /** An address without what may be secret in it: user, password and query. */
  static String of(String address) {
    return address
        .replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*://)?[^/?#]*@", "$1")
        .replaceFirst("[?#].*", "");
  }

  /** {@code http-sink to https://backend/in}. */
  static String of(Kamelet kamelet, NavigableMap<String, PlanValue> values) {
    String address = firstRequired(kamelet, values);
    return kamelet.name() + (address.isEmpty() ? "" : " to " + address);
  }

  /** A text in which user and password of URLs are masked, for people who write them there. */
  static String masked(String text) {
    return text.replaceAll("://[^/?#@\\s]*@", "://***@");
  }

  /** What a Kamelet requires first, in the order of its schema, is as a rule its address. */
  private static String firstRequired(Kamelet kamelet, NavigableMap<String, PlanValue> values) {
    return kamelet.properties().keySet().stream()
        .filter(kamelet.required()::contains)
        .findFirst()
        .map(values::get)
        .filter(PlanValue.Literal.class::isInstance)
        .map(value -> of(value.text()))
        .orElse("");
  }
}
