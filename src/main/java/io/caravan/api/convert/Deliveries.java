/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retain;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.Delivery.WhenFull;
import java.util.Optional;

/** Reads {@code spec.delivery}. */
final class Deliveries {

  private Deliveries() {}

  /** What is not there has its default. */
  static Delivery delivery(JsonNode node) {
    Delivery otherwise = Delivery.DEFAULT;
    return new Delivery(
        Fields.constant(node, "acknowledge", Acknowledge.class).orElse(otherwise.acknowledge()),
        buffer(node.path("buffer"), otherwise.buffer()),
        Fields.constant(node, "whenFull", WhenFull.class).orElse(otherwise.whenFull()),
        Fields.constant(node, "order", Order.class).orElse(otherwise.order()),
        retry(node.path("retry"), otherwise.retry()),
        Fields.duration(node, "onDelete").orElse(otherwise.onDelete()),
        node.has("retain") ? Optional.of(retain(node.path("retain"))) : otherwise.retain(),
        Fields.duration(node, "holdInput").orElse(otherwise.holdInput()));
  }

  private static Buffer buffer(JsonNode node, Buffer otherwise) {
    return new Buffer(
        Fields.bytes(node, "size").orElse(otherwise.size()),
        Fields.duration(node, "age").orElse(otherwise.age()));
  }

  private static Retry retry(JsonNode node, Retry otherwise) {
    return new Retry(
        Fields.duration(node, "initial").orElse(otherwise.initial()),
        Fields.duration(node, "max").orElse(otherwise.max()));
  }

  private static Retain retain(JsonNode node) {
    return new Retain(Fields.duration(node, "age"), Fields.bytes(node, "size"));
  }
}
