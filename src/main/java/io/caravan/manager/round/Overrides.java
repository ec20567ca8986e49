/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.PipelineKind;
import io.caravan.api.yaml.YamlFile;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody who looks for a fault has asked for in the ConfigMap {@code telemetry-overrides}:
 * parts of the manager stand still, so that what they made can be changed by hand.
 *
 * @param logLevel of the manager itself
 * @param paused kinds of pipelines whose changes have no effect
 * @param telemetryPaused the Telemetry resource's changes have no effect
 * @param gatewayPaused the gateway's objects are left as they are
 * @param error why the text was not taken; empty if it was
 */
public record Overrides(
    Optional<String> logLevel,
    Set<PipelineKind> paused,
    boolean telemetryPaused,
    boolean gatewayPaused,
    Optional<String> error) {

  /** Nobody has asked for anything. */
  public static final Overrides NONE =
      new Overrides(Optional.empty(), Set.of(), false, false, Optional.empty());

  public Overrides {
    paused = Set.copyOf(paused);
  }

  /** Of the ConfigMap's entry {@code overrides}. What cannot be read overrides nothing. */
  public static Overrides of(Optional<String> text) {
    if (text.isEmpty() || text.get().isBlank()) {
      return NONE;
    }
    YamlFile file = YamlFile.read(text.get());
    if (!file.errors().isEmpty()) {
      return wrong(String.valueOf(file.errors().getFirst().getMessage()));
    }
    if (file.documents().isEmpty()) {
      return NONE;
    }
    JsonNode root = file.documents().getFirst().tree();
    if (!root.isObject()) {
      return wrong("expected an object such as 'tracing: {paused: true}'");
    }
    Set<PipelineKind> paused = EnumSet.noneOf(PipelineKind.class);
    for (PipelineKind kind : PipelineKind.values()) {
      if (paused(root, section(kind))) {
        paused.add(kind);
      }
    }
    String level = root.path("global").path("logLevel").asText("");
    return new Overrides(
        level.isEmpty() ? Optional.empty() : Optional.of(level),
        paused,
        paused(root, "telemetry"),
        paused(root, "otlpGateway"),
        Optional.empty());
  }

  private static boolean paused(JsonNode root, String section) {
    return root.path(section).path("paused").asBoolean(false);
  }

  private static String section(PipelineKind kind) {
    return switch (kind) {
      case LOG -> "logging";
      case METRIC -> "metrics";
      case TRACE -> "tracing";
    };
  }

  private static Overrides wrong(String why) {
    return new Overrides(Optional.empty(), Set.of(), false, false, Optional.of(why));
  }
}
