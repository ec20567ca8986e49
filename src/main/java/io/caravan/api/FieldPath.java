/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path of a field within a resource.
 *
 * @param parent empty for the resource itself
 * @param step how the field is written behind its parent: {@code .output} or {@code [3]}
 */
public record FieldPath(Optional<FieldPath> parent, String step) {

  /** The resource itself. */
  public static final FieldPath ROOT = new FieldPath(Optional.empty(), "");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /** A path of field names that are plain words: {@code FieldPath.of("metadata", "name")}. */
  public static FieldPath of(String... names) {
    FieldPath path = ROOT;
    for (String name : names) {
      path = path.field(name);
    }
    return path;
  }

  public FieldPath field(String name) {
    return new FieldPath(
        Optional.of(this), PLAIN.matcher(name).matches() ? "." + name : "[\"" + name + "\"]");
  }

  /** An item of a list, counted from 0. */
  public FieldPath item(int index) {
    return new FieldPath(Optional.of(this), "[" + index + "]");
  }

  /** The same path below another one. */
  public FieldPath under(FieldPath base) {
    return parent.map(above -> new FieldPath(Optional.of(above.under(base)), step)).orElse(base);
  }

  /** Whether this is the other path or lies below it. */
  public boolean within(FieldPath other) {
    return equals(other) || parent.map(above -> above.within(other)).orElse(false);
  }

  /** {@code spec.filters[0].custom}; empty for the resource itself. */
  @Override
  public String toString() {
    String text = parent.map(FieldPath::toString).orElse("") + step;
    return text.startsWith(".") ? text.substring(1) : text;
  }
}
