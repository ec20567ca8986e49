/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Condition;
import io.caravan.plan.Digest;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import java.util.Optional;

/**
 * A pipeline's two entries as they are written, and the content of the Kamelet that they refer to.
 *
 * @param secret empty for a pipeline that has no routes, and so no values
 */
record Entry(String key, String config, Optional<String> secret, Optional<KameletEntry> kamelet) {

  /** A Kamelet's content, under its digest. */
  record KameletEntry(String key, String yaml) {
    static KameletEntry of(PlannedKamelet kamelet) {
      return new KameletEntry(EntryKey.ofKamelet(digest(kamelet.yaml())), kamelet.yaml());
    }

    static String digest(String yaml) {
      return new Digest().add(yaml).toHex();
    }

    long bytes() {
      return Shard.bytes(key) + Shard.bytes(yaml);
    }
  }

  static Entry of(PipelinePlan pipeline) {
    return new Entry(
        EntryKey.of(pipeline),
        JsonEntry.write(config(pipeline)),
        pipeline.routes().map(routes -> JsonEntry.write(secret(routes))),
        pipeline.routes().map(PipelineRoutes::kamelet).map(KameletEntry::of));
  }

  long configBytes() {
    return Shard.bytes(key) + Shard.bytes(config);
  }

  long secretBytes() {
    return secret.map(text -> Shard.bytes(key) + Shard.bytes(text)).orElse(0L);
  }

  private static ObjectNode config(PipelinePlan pipeline) {
    ObjectNode entry = JsonEntry.create();
    // First what a reader of the ConfigMap looks for.
    entry.put("kind", pipeline.id().kind().kind()).put("name", pipeline.id().name());
    if (!pipeline.id().uid().isEmpty()) {
      entry.put("uid", pipeline.id().uid());
    }
    pipeline.routes().ifPresent(routes -> entry.put("digest", routes.digest()));
    pipeline.deletedAt().ifPresent(at -> entry.put("deletedAt", at.toString()));
    Condition condition = pipeline.configurationGenerated();
    entry
        .putObject("condition")
        .put("type", condition.type())
        .put("status", condition.status().toString())
        .put("reason", condition.reason())
        .put("message", condition.message());
    if (!pipeline.notices().isEmpty()) {
      ArrayNode notices = entry.putArray("notices");
      pipeline.notices().forEach(notices::add);
    }
    entry.set("delivery", DeliveryJson.write(pipeline.delivery()));
    pipeline.routes().ifPresent(routes -> add(entry.putObject("routes"), routes));
    return entry;
  }

  private static void add(ObjectNode node, PipelineRoutes routes) {
    node.put("routeId", routes.routeId()).put("destination", routes.destination());
    node.putObject("kamelet")
        .put("name", routes.kamelet().name())
        .put("templateId", routes.kamelet().templateId())
        .put("digest", KameletEntry.digest(routes.kamelet().yaml()));
    node.put("yaml", routes.yaml());
  }

  private static ObjectNode secret(PipelineRoutes routes) {
    ObjectNode entry = JsonEntry.create().put("digest", routes.digest());
    ObjectNode values = entry.putObject("values");
    routes.values().forEach((name, value) -> values.putObject(name).put(form(value), value.text()));
    return entry;
  }

  private static String form(PlanValue value) {
    return switch (value) {
      case PlanValue.Literal _ -> EntryReader.LITERAL;
      case PlanValue.Referenced _ -> EntryReader.REFERENCED;
      case PlanValue.Secret _ -> EntryReader.SECRET;
    };
  }

  @Override
  public String toString() {
    return "Entry[%s]".formatted(key);
  }
}
