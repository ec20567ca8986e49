/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retain;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.Delivery.WhenFull;
import io.caravan.api.schema.GoDuration;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pipeline's delivery as JSON, with the names of the manifest; sizes are numbers of bytes. What
 * is missing has the default.
 */
final class DeliveryJson {
  private DeliveryJson() {}

  static ObjectNode write(Delivery delivery) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("acknowledge", delivery.acknowledge().toString());
    node.putObject("buffer")
        .put("size", delivery.buffer().size())
        .put("age", GoDuration.format(delivery.buffer().age()));
    node.put("whenFull", delivery.whenFull().toString());
    node.put("order", delivery.order().toString());
    node.putObject("retry")
        .put("initial", GoDuration.format(delivery.retry().initial()))
        .put("max", GoDuration.format(delivery.retry().max()));
    node.put("onDelete", GoDuration.format(delivery.onDelete()));
    delivery
        .retain()
        .ifPresent(
            retain -> {
              ObjectNode kept = node.putObject("retain");
              retain.age().ifPresent(age -> kept.put("age", GoDuration.format(age)));
              retain.size().ifPresent(size -> kept.put("size", size));
            });
    node.put("holdInput", GoDuration.format(delivery.holdInput()));
    return node;
  }

  static Delivery read(JsonNode node) throws UnreadableEntryException {
    Delivery byDefault = Delivery.DEFAULT;
    JsonNode buffer = node.path("buffer");
    JsonNode retry = node.path("retry");
    return new Delivery(
        word(node, "acknowledge", Acknowledge.values(), byDefault.acknowledge()),
        new Buffer(
            size(buffer).orElse(byDefault.buffer().size()),
            duration(buffer, "age").orElse(byDefault.buffer().age())),
        word(node, "whenFull", WhenFull.values(), byDefault.whenFull()),
        word(node, "order", Order.values(), byDefault.order()),
        new Retry(
            duration(retry, "initial").orElse(byDefault.retry().initial()),
            duration(retry, "max").orElse(byDefault.retry().max())),
        duration(node, "onDelete").orElse(byDefault.onDelete()),
        node.hasNonNull("retain")
            ? Optional.of(
                new Retain(duration(node.path("retain"), "age"), size(node.path("retain"))))
            : Optional.empty(),
        duration(node, "holdInput").orElse(byDefault.holdInput()));
  }

  private static <T extends Enum<T>> T word(JsonNode node, String field, T[] words, T byDefault)
      throws UnreadableEntryException {
    Optional<String> given = JsonEntry.find(node, field);
    if (given.isEmpty()) {
      return byDefault;
    }
    return Stream.of(words)
        .filter(word -> word.toString().equals(given.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new UnreadableEntryException(
                    "delivery.%s is '%s'; expected %s"
                        .formatted(
                            field,
                            given.get(),
                            Arrays.stream(words)
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")))));
  }

  private static Optional<Long> size(JsonNode node) throws UnreadableEntryException {
    JsonNode size = node.path("size");
    if (size.isMissingNode()) {
      return Optional.empty();
    }
    if (!size.canConvertToLong() || !size.isIntegralNumber()) {
      throw new UnreadableEntryException("a size of its delivery is no number of bytes");
    }
    return Optional.of(size.longValue());
  }

  private static Optional<Duration> duration(JsonNode node, String field)
      throws UnreadableEntryException {
    Optional<String> text = JsonEntry.find(node, field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        GoDuration.parse(text.get())
            .orElseThrow(
                () ->
                    new UnreadableEntryException(
                        "delivery.%s is '%s'; expected a duration such as 30s"
                            .formatted(field, text.get()))));
  }
}
