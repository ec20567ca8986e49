/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.plan.shard.Entry.KameletEntry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the entries of one shard. What it says of an entry that is wrong holds no value. */
final class EntryReader {
  static final String LITERAL = "literal";
  static final String REFERENCED = "referenced";
  static final String SECRET = "secret";

  private final Shard shard;

  EntryReader(Shard shard) {
    this.shard = shard;
  }

  /** The pipeline that the ConfigMap has under a key, with the values that the Secret has. */
  PipelinePlan read(String key) throws UnreadableEntryException {
    JsonNode entry = JsonEntry.read(text(shard.config().get(key), "it is missing"));
    Optional<String> digest = JsonEntry.find(entry, "digest");
    return new PipelinePlan(
        id(entry),
        condition(entry.path("condition")),
        notices(entry),
        DeliveryJson.read(entry.path("delivery")),
        deletedAt(entry),
        digest.isPresent()
            ? Optional.of(routes(key, digest.get(), entry.path("routes")))
            : Optional.empty());
  }

  /** What is to be said of an entry that cannot be read. */
  Unread unread(String key, UnreadableEntryException why) {
    return new Unread(shard.number(), key, owner(key), delivery(key), why.text());
  }

  private Optional<PipelineId> owner(String key) {
    try {
      return Optional.of(id(entryOfAnyFormat(key)));
    } catch (UnreadableEntryException _) {
      return EntryKey.pipeline(key);
    }
  }

  private Delivery delivery(String key) {
    try {
      return DeliveryJson.read(entryOfAnyFormat(key).path("delivery"));
    } catch (UnreadableEntryException _) {
      return Delivery.DEFAULT;
    }
  }

  private JsonNode entryOfAnyFormat(String key) throws UnreadableEntryException {
    return JsonEntry.readAnyFormat(text(shard.config().get(key), "it is missing"));
  }

  private static PipelineId id(JsonNode entry) throws UnreadableEntryException {
    String name = JsonEntry.text(entry, "kind");
    PipelineKind kind =
        Stream.of(PipelineKind.values())
            .filter(one -> one.kind().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new UnreadableEntryException("its kind '%s' is unknown".formatted(name)));
    return new PipelineId(
        kind, JsonEntry.text(entry, "name"), JsonEntry.find(entry, "uid").orElse(""));
  }

  private static Condition condition(JsonNode node) throws UnreadableEntryException {
    String word = JsonEntry.text(node, "status");
    Condition.Status status =
        Stream.of(Condition.Status.values())
            .filter(one -> one.toString().equals(word))
            .findFirst()
            .orElse(Condition.Status.UNKNOWN);
    return new Condition(
        JsonEntry.text(node, "type"),
        status,
        JsonEntry.text(node, "reason"),
        JsonEntry.text(node, "message"));
  }

  private static List<String> notices(JsonNode entry) {
    List<String> notices = new ArrayList<>();
    entry.path("notices").forEach(notice -> notices.add(notice.asText()));
    return notices;
  }

  private static Optional<Instant> deletedAt(JsonNode entry) throws UnreadableEntryException {
    Optional<String> text = JsonEntry.find(entry, "deletedAt");
    try {
      return text.map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new UnreadableEntryException(
          "deletedAt is '%s'; expected a time such as 2026-11-21T12:00:00Z"
              .formatted(text.orElse("")));
    }
  }

  private PipelineRoutes routes(String key, String digest, JsonNode node)
      throws UnreadableEntryException {
    JsonNode kamelet = node.path("kamelet");
    return new PipelineRoutes(
        digest,
        JsonEntry.text(node, "routeId"),
        JsonEntry.text(node, "yaml"),
        new PlannedKamelet(
            JsonEntry.text(kamelet, "name"),
            JsonEntry.text(kamelet, "templateId"),
            kamelet(JsonEntry.text(kamelet, "digest"))),
        values(key, digest),
        JsonEntry.text(node, "destination"));
  }

  private String kamelet(String digest) throws UnreadableEntryException {
    String key = EntryKey.ofKamelet(digest);
    String yaml =
        text(shard.config().get(key), "the ConfigMap has no %s, to which it refers".formatted(key));
    if (!KameletEntry.digest(yaml).equals(digest)) {
      throw new UnreadableEntryException(
          "the content of %s is not the one of that digest".formatted(key));
    }
    return yaml;
  }

  private SortedMap<String, PlanValue> values(String key, String digest)
      throws UnreadableEntryException {
    JsonNode entry =
        JsonEntry.read(
            text(
                shard.secret().get(key),
                "the Secret %s has no entry for it yet".formatted(shard.name())));
    String other = JsonEntry.text(entry, "digest");
    if (!other.equals(digest)) {
      throw new UnreadableEntryException(
          "the ConfigMap %s has the digest %s and the Secret %s; one of them is to follow"
              .formatted(shard.name(), digest, other));
    }
    SortedMap<String, PlanValue> values = new TreeMap<>();
    for (Map.Entry<String, JsonNode> value : entry.path("values").properties()) {
      values.put(value.getKey(), value(value.getKey(), value.getValue()));
    }
    return values;
  }

  private static PlanValue value(String name, JsonNode node) throws UnreadableEntryException {
    Optional<PlanValue> value =
        JsonEntry.find(node, LITERAL).<PlanValue>map(PlanValue.Literal::new);
    if (value.isEmpty()) {
      value = JsonEntry.find(node, REFERENCED).map(PlanValue.Referenced::new);
    }
    if (value.isEmpty()) {
      value = JsonEntry.find(node, SECRET).map(PlanValue.Secret::new);
    }
    return value.orElseThrow(
        () ->
            new UnreadableEntryException(
                "the form of its value '%s' is unknown; expected %s, %s or %s"
                    .formatted(name, LITERAL, REFERENCED, SECRET)));
  }

  private static String text(@Nullable String text, String missing)
      throws UnreadableEntryException {
    if (text == null) {
      throw new UnreadableEntryException(missing);
    }
    return text;
  }
}
