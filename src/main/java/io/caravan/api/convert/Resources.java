/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FilterSpec;
import io.caravan.api.LogPipeline;
import io.caravan.api.MetricPipeline;
import io.caravan.api.MetricPipeline.Toggle;
import io.caravan.api.NamespaceSelector;
import io.caravan.api.ObjectMeta;
import io.caravan.api.OtlpInput;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineKind;
import io.caravan.api.Telemetry;
import io.caravan.api.TelemetryReplay;
import io.caravan.api.TracePipeline;
import io.caravan.api.TransformSpec;
import java.util.List;
import java.util.Optional;

/** Reads the records of trees that are valid and have their defaults. */
public final class Resources {

  private Resources() {}

  /**
   * A pipeline.
   *
   * @throws IllegalArgumentException where the tree is not valid
   */
  public static Pipeline pipeline(PipelineKind kind, JsonNode tree) {
    ObjectMeta metadata = metadata(tree.path("metadata"));
    JsonNode spec = tree.path("spec");
    return switch (kind) {
      case LOG -> logPipeline(metadata, spec);
      case METRIC -> metricPipeline(metadata, spec);
      case TRACE ->
          new TracePipeline(
              metadata,
              Outputs.output(spec.path("output")),
              transform(spec),
              filter(spec),
              Deliveries.delivery(spec.path("delivery")));
    };
  }

  /** The module's settings. */
  public static Telemetry telemetry(JsonNode tree) {
    JsonNode enrichments = tree.path("spec").path("enrichments");
    JsonNode metric = tree.path("spec").path("metric");
    return new Telemetry(
        metadata(tree.path("metadata")),
        new Telemetry.Enrichments(
            Fields.list(
                enrichments,
                "extractPodLabels",
                label ->
                    new Telemetry.PodLabel(
                        Fields.text(label, "key"), Fields.text(label, "keyPrefix"))),
            new Telemetry.Cluster(Fields.text(enrichments.path("cluster"), "name"))),
        new Telemetry.Metric(
            interval(metric).collectionInterval(),
            interval(metric.path("runtime")),
            interval(metric.path("prometheus")),
            interval(metric.path("istio"))),
        gateway(tree.path("spec").path("gateway")));
  }

  /** A replay. */
  public static TelemetryReplay replay(JsonNode tree) {
    JsonNode spec = tree.path("spec");
    return new TelemetryReplay(
        metadata(tree.path("metadata")),
        spec.path("pipeline").asText(),
        Fields.constant(spec, "source", TelemetryReplay.Source.class)
            .orElse(TelemetryReplay.Source.JOURNAL),
        Fields.text(spec, "to"),
        Fields.time(spec, "from"),
        Fields.time(spec, "until"),
        Fields.text(spec, "namespace"),
        spec.has("rate") ? Optional.of(spec.path("rate").asInt()) : Optional.empty());
  }

  private static Telemetry.Gateway gateway(JsonNode node) {
    JsonNode journal = node.path("journal");
    return new Telemetry.Gateway(
        Fields.constant(node, "mode", Telemetry.GatewayMode.class)
            .orElse(Telemetry.GatewayMode.DAEMON_SET),
        new Telemetry.Journal(
            Fields.constant(journal, "type", Telemetry.JournalType.class),
            Fields.bytes(journal, "size")));
  }

  /** The metadata of any resource. */
  public static ObjectMeta metadata(JsonNode node) {
    return new ObjectMeta(
        node.path("name").asText(),
        Fields.text(node, "namespace"),
        Fields.map(node, "labels", JsonNode::asText),
        Fields.map(node, "annotations", JsonNode::asText));
  }

  private static LogPipeline logPipeline(ObjectMeta metadata, JsonNode spec) {
    JsonNode input = spec.path("input");
    JsonNode runtime = input.path("runtime");
    JsonNode containers = runtime.path("containers");
    return new LogPipeline(
        metadata,
        new LogPipeline.Input(
            new LogPipeline.RuntimeInput(
                Fields.flag(runtime, "enabled"),
                namespaces(runtime),
                new LogPipeline.Containers(
                    Fields.texts(containers, "include"), Fields.texts(containers, "exclude")),
                Fields.flag(runtime, "keepOriginalBody"),
                Fields.flag(runtime, "keepAnnotations"),
                Fields.flag(runtime, "dropLabels")),
            otlpInput(input.path("otlp"))),
        Outputs.output(spec.path("output")),
        transform(spec),
        filter(spec),
        Fields.list(
            spec, "filters", node -> new LogPipeline.CustomFilter(Fields.text(node, "custom"))),
        Fields.list(
            spec,
            "files",
            node ->
                new LogPipeline.FileMount(
                    node.path("name").asText(), node.path("content").asText())),
        Fields.list(
            spec,
            "variables",
            node ->
                new LogPipeline.Variable(
                    node.path("name").asText(), ValueTypes.secretKeyRef(node.path("valueFrom")))),
        Deliveries.delivery(spec.path("delivery")));
  }

  private static MetricPipeline metricPipeline(ObjectMeta metadata, JsonNode spec) {
    JsonNode input = spec.path("input");
    JsonNode prometheus = input.path("prometheus");
    JsonNode istio = input.path("istio");
    JsonNode runtime = input.path("runtime");
    return new MetricPipeline(
        metadata,
        new MetricPipeline.Input(
            otlpInput(input.path("otlp")),
            new MetricPipeline.Prometheus(
                Fields.flag(prometheus, "enabled"),
                namespaces(prometheus),
                toggle(prometheus, "diagnosticMetrics")),
            new MetricPipeline.Istio(
                Fields.flag(istio, "enabled"),
                namespaces(istio),
                toggle(istio, "diagnosticMetrics"),
                toggle(istio, "envoyMetrics")),
            new MetricPipeline.RuntimeInput(
                Fields.flag(runtime, "enabled"),
                namespaces(runtime),
                resources(runtime.path("resources")),
                Fields.texts(runtime, "additionalMetrics"))),
        Outputs.output(spec.path("output")),
        transform(spec),
        filter(spec),
        Deliveries.delivery(spec.path("delivery")));
  }

  private static MetricPipeline.Resources resources(JsonNode node) {
    return new MetricPipeline.Resources(
        toggle(node, "pod"),
        toggle(node, "container"),
        toggle(node, "node"),
        toggle(node, "volume"),
        toggle(node, "daemonset"),
        toggle(node, "deployment"),
        toggle(node, "statefulset"),
        toggle(node, "job"));
  }

  private static Toggle toggle(JsonNode node, String field) {
    return new Toggle(Fields.flag(node.path(field), "enabled"));
  }

  private static OtlpInput otlpInput(JsonNode node) {
    return new OtlpInput(Fields.flag(node, "enabled"), namespaces(node));
  }

  private static NamespaceSelector namespaces(JsonNode input) {
    JsonNode node = input.path("namespaces");
    return new NamespaceSelector(Fields.texts(node, "include"), Fields.texts(node, "exclude"));
  }

  private static List<TransformSpec> transform(JsonNode spec) {
    return Fields.list(
        spec,
        "transform",
        node ->
            new TransformSpec(Fields.texts(node, "conditions"), Fields.texts(node, "statements")));
  }

  private static List<FilterSpec> filter(JsonNode spec) {
    return Fields.list(spec, "filter", node -> new FilterSpec(Fields.texts(node, "conditions")));
  }

  private static Telemetry.MetricInput interval(JsonNode node) {
    return new Telemetry.MetricInput(Fields.duration(node, "collectionInterval"));
  }
}
