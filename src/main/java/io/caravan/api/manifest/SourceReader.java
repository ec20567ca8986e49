/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.FieldPath;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.yaml.YamlDocument;
import io.caravan.api.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;

/** Reads the resources of one source into a catalog. One use. */
final class SourceReader {

  private final Source source;
  private final Catalog catalog;
  private final List<Finding> findings = new ArrayList<>();

  SourceReader(Source source, Catalog catalog) {
    this.source = source;
    this.catalog = catalog;
  }

  void read() {
    YamlFile file = YamlFile.read(source.text());
    file.errors()
        .forEach(
            error -> {
              Location location =
                  new Location(source.name(), error.place().line(), error.place().column());
              findings.add(
                  new Finding(Severity.ERROR, location, "", String.valueOf(error.getMessage())));
              catalog.addUnreadable(source.name());
            });
    file.documents().forEach(document -> resource(document, document.tree(), FieldPath.ROOT));
    if (file.documents().isEmpty() && file.errors().isEmpty()) {
      empty();
    }
    catalog.addSorted(findings);
  }

  /** A file that somebody is about to write is empty for a moment; one of comments is meant so. */
  private void empty() {
    if (source.text().isBlank()) {
      findings.add(Catalog.error(Location.of(source.name()), "", "is empty"));
      catalog.addUnreadable(source.name());
    } else {
      findings.add(
          new Finding(
              Severity.NOTICE, Location.of(source.name()), "", "holds no resource, only comments"));
    }
  }

  private void resource(YamlDocument document, JsonNode tree, FieldPath base) {
    Excerpt excerpt = new Excerpt(source.name(), document, base);
    if (!(tree instanceof ObjectNode object)) {
      unknown(
          excerpt,
          FieldPath.ROOT,
          "expected a resource, an object with apiVersion, kind, metadata and spec");
      return;
    }
    String kind = text(excerpt, object, "kind");
    String apiVersion = text(excerpt, object, "apiVersion");
    if (kind.isEmpty() || apiVersion.isEmpty()) {
      return;
    }
    if (kind.endsWith("List") && object.path("items").isArray()) {
      FieldPath items = base.field("items");
      for (int i = 0; i < object.path("items").size(); i++) {
        resource(document, object.path("items").path(i), items.item(i));
      }
      return;
    }
    switch (KindCheck.check(apiVersion, kind)) {
      case KindCheck.Wrong(String field, String message) ->
          unknown(excerpt, FieldPath.of(field), message);
      case KindCheck.Foreign(String message) ->
          findings.add(excerpt.finding(Severity.NOTICE, FieldPath.ROOT, message));
      case KindCheck.Known known ->
          new ResourceReader(excerpt, catalog, findings).read(known, object);
    }
  }

  private String text(Excerpt excerpt, ObjectNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode()) {
      unknown(
          excerpt, FieldPath.of(field), "required, but missing: this is not a Kubernetes resource");
    } else if (!value.isTextual() || value.asText().isEmpty()) {
      unknown(excerpt, FieldPath.of(field), "expected a string that is not empty");
    } else {
      return value.asText();
    }
    return "";
  }

  /** Something that might have been any resource. */
  private void unknown(Excerpt excerpt, FieldPath path, String message) {
    findings.add(excerpt.finding(Severity.ERROR, path, message));
    catalog.addUnreadable(source.name());
  }
}
