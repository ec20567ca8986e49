/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.FieldPath;
import io.caravan.api.KameletSource;
import io.caravan.api.PipelineKind;
import io.caravan.api.convert.Resources;
import io.caravan.api.convert.Versions;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.Violation;
import java.util.List;
import java.util.Optional;

/** Reads one resource of a known kind into a catalog. */
final class ResourceReader {

  /** The only Telemetry that has effect. */
  private static final String EFFECTIVE_TELEMETRY = "default";

  private final Excerpt excerpt;
  private final Catalog catalog;
  private final List<Finding> findings;

  ResourceReader(Excerpt excerpt, Catalog catalog, List<Finding> findings) {
    this.excerpt = excerpt;
    this.catalog = catalog;
    this.findings = findings;
  }

  void read(KindCheck.Known known, ObjectNode tree) {
    List<Violation> metadata = MetadataCheck.check(tree);
    String name = tree.path("metadata").path("name").asText("");
    if (name.isEmpty()) {
      add(metadata);
      catalog.addUnreadable(excerpt.source());
      return;
    }
    switch (known) {
      case KindCheck.Custom custom -> custom(custom, name, tree, metadata);
      case KindCheck.SecretKind secret -> secret(name, tree, metadata);
      case KindCheck.KameletKind kamelet -> kamelet(name, tree, metadata);
    }
  }

  private void custom(
      KindCheck.Custom custom, String name, ObjectNode tree, List<Violation> metadata) {
    ResourceKind kind = custom.kind();
    Optional<String> namespace = namespace(tree);
    ResourceName resource =
        new ResourceName(kind.kind(), kind.isNamespaced() ? namespace : Optional.empty(), name);
    boolean single = claim(resource);
    add(metadata);
    // Judged as it is written, so that findings name the fields that are there.
    Admission.Review review = Admission.review(kind, custom.version(), tree, Optional.empty());
    add(review.violations());
    warn(custom, name, namespace, review.tree());
    if (single && metadata.isEmpty() && review.violations().isEmpty()) {
      ObjectNode valid =
          Admission.withDefaults(
              kind, kind.stored(), Versions.convert(kind, kind.stored(), review.tree()));
      accept(
          resource,
          switch (kind) {
            case LOG_PIPELINE -> Resources.pipeline(PipelineKind.LOG, valid);
            case METRIC_PIPELINE -> Resources.pipeline(PipelineKind.METRIC, valid);
            case TRACE_PIPELINE -> Resources.pipeline(PipelineKind.TRACE, valid);
            case TELEMETRY -> Resources.telemetry(valid);
            case TELEMETRY_REPLAY -> Resources.replay(valid);
          },
          tree.toString());
    } else {
      catalog.reject(resource);
    }
  }

  private void warn(
      KindCheck.Custom custom, String name, Optional<String> namespace, JsonNode tree) {
    ResourceKind kind = custom.kind();
    if (custom.version() != kind.stored()) {
      add(
          Severity.WARNING,
          FieldPath.of("apiVersion"),
          Deprecations.ofVersion(kind, custom.version()));
    }
    if (kind == ResourceKind.LOG_PIPELINE) {
      Deprecations.of(name, custom.version(), tree)
          .forEach((path, message) -> add(Severity.WARNING, path, message));
    }
    if (kind == ResourceKind.TELEMETRY_REPLAY) {
      add(
          Severity.NOTICE,
          FieldPath.ROOT,
          "a TelemetryReplay has effect in a cluster only; without one there is 'caravan replay'");
    }
    if (kind == ResourceKind.TELEMETRY && !name.equals(EFFECTIVE_TELEMETRY)) {
      add(
          Severity.WARNING,
          FieldPath.of("metadata", "name"),
          "found '%s': only the Telemetry named '%s' has effect"
              .formatted(name, EFFECTIVE_TELEMETRY));
    }
    if (!kind.isNamespaced() && namespace.isPresent()) {
      add(
          Severity.WARNING,
          FieldPath.of("metadata", "namespace"),
          "a %s belongs to no namespace: ignored".formatted(kind.kind()));
    }
  }

  private void secret(String name, ObjectNode tree, List<Violation> metadata) {
    String namespace = namespace(tree).orElse("default");
    ResourceName resource = new ResourceName("Secret", Optional.of(namespace), name);
    boolean single = claim(resource);
    SecretData data = SecretData.of(tree);
    add(metadata);
    add(data.violations());
    if (single && metadata.isEmpty() && data.violations().isEmpty()) {
      accept(resource, data.secret(name, namespace), "");
    } else {
      catalog.reject(resource);
    }
  }

  private void kamelet(String name, ObjectNode tree, List<Violation> metadata) {
    ResourceName resource = new ResourceName("Kamelet", Optional.empty(), name);
    boolean single = claim(resource);
    add(metadata);
    if (single && metadata.isEmpty()) {
      // JSON is YAML, so an item of a List can be handed over although its text is no document.
      String yaml = excerpt.isWholeDocument() ? excerpt.document().text() : tree.toString();
      accept(resource, new KameletSource(name, yaml), "");
    } else {
      catalog.reject(resource);
    }
  }

  private boolean claim(ResourceName resource) {
    FieldPath path = FieldPath.of("metadata", "name");
    Optional<Location> first = catalog.claim(resource, excerpt.location(path));
    first.ifPresent(
        place ->
            add(
                Severity.ERROR,
                path,
                "%s is there twice: here and in %s; neither is used".formatted(resource, place)));
    return first.isEmpty();
  }

  private static Optional<String> namespace(JsonNode tree) {
    String namespace = tree.path("metadata").path("namespace").asText("");
    return namespace.isEmpty() ? Optional.empty() : Optional.of(namespace);
  }

  private void accept(ResourceName name, Object resource, String json) {
    catalog.accept(name, new Found<>(resource, excerpt.location(FieldPath.ROOT), json));
  }

  private void add(List<Violation> violations) {
    violations.forEach(violation -> findings.add(excerpt.finding(violation)));
  }

  private void add(Severity severity, FieldPath path, String message) {
    findings.add(excerpt.finding(severity, path, message));
  }
}
