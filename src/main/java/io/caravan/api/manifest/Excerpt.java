/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import io.caravan.api.FieldPath;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.schema.Violation;
import io.caravan.api.yaml.Place;
import io.caravan.api.yaml.YamlDocument;

/**
 * The part of a document that is one resource; knows where its fields stand.
 *
 * @param base the path of the resource in the document: the document itself, or an item of a List
 */
record Excerpt(String source, YamlDocument document, FieldPath base) {

  Location location(FieldPath path) {
    Place place = document.place(path.under(base));
    return new Location(source, place.line(), place.column());
  }

  Finding finding(Severity severity, FieldPath path, String message) {
    return new Finding(severity, location(path), path.under(base).toString(), message);
  }

  /** An error about a rule that a field breaks; an unknown field is wrong by its key. */
  Finding finding(Violation violation) {
    FieldPath path = violation.path().under(base);
    Place place =
        violation.reason() == Violation.Reason.UNKNOWN_FIELD
            ? document.placeOfKey(path)
            : document.place(path);
    return new Finding(
        Severity.ERROR,
        new Location(source, place.line(), place.column()),
        path.toString(),
        violation.message());
  }

  boolean isWholeDocument() {
    return base.equals(FieldPath.ROOT);
  }
}
