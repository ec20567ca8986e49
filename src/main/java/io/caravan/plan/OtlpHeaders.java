/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Header;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The headers of an OTLP output; of two with one name the last counts, as in the predecessor. */
final class OtlpHeaders {
  /** A token of RFC 9110, section 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Map<String, PlanValue> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private OtlpHeaders() {}

  static OtlpHeaders of(List<Header> headers, SecretLookup secrets) throws RejectedException {
    OtlpHeaders result = new OtlpHeaders();
    for (int i = 0; i < headers.size(); i++) {
      result.add("spec.output.otlp.headers[%d]".formatted(i), headers.get(i), secrets);
    }
    return result;
  }

  private void add(String path, Header header, SecretLookup secrets) throws RejectedException {
    if (!NAME.matcher(header.name()).matches()) {
      throw new RejectedException(
          Reason.HEADER_INVALID,
          "%s.name: '%s' is not the name of an HTTP header".formatted(path, header.name()));
    }
    PlanValue value = secrets.resolve(header.value()).orElseThrow();
    // Secrets made by hand often end with a line break, which no header can carry.
    String text =
        (header.prefix().map(String::strip).orElse("") + " " + value.text().strip()).strip();
    if (text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new RejectedException(
          Reason.HEADER_INVALID,
          "%s: the value of header '%s' has a line break in it, which no header can carry"
              .formatted(path, header.name()));
    }
    headers.remove(header.name());
    headers.put(
        header.name(),
        value instanceof PlanValue.Literal
            ? new PlanValue.Literal(text)
            : new PlanValue.Referenced(text));
  }

  boolean isEmpty() {
    return headers.isEmpty();
  }

  boolean has(String name) {
    return headers.containsKey(name);
  }

  /** One {@code Name: value} a line, sorted by name; from a Secret if any of them is. */
  PlanValue value() {
    String text =
        headers.entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue().text())
            .collect(Collectors.joining("\n"));
    return headers.values().stream().allMatch(PlanValue.Literal.class::isInstance)
        ? new PlanValue.Literal(text)
        : new PlanValue.Referenced(text);
  }
}
