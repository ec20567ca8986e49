/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.plan.PlanValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** A pipeline's routes do not run; the message says why, in Camel's own words. */
final class PipelineLoadException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Without the cause: its message may quote a URI with a value that was read from a Secret. */
  PipelineLoadException(Collection<PlanValue> values, Throwable failure) {
    super(redact(describe(failure), values));
  }

  /** What the exceptions say, from the outside in, each thing once. */
  private static String describe(Throwable failure) {
    Set<String> said = new LinkedHashSet<>();
    for (Throwable each = failure; each != null && said.size() < 8; each = each.getCause()) {
      String message = each.getMessage();
      String text = message == null ? each.getClass().getSimpleName() : message.strip();
      if (said.stream().noneMatch(before -> before.contains(text))) {
        said.add(text);
      }
    }
    return String.join(": ", said);
  }

  private static String redact(String message, Collection<PlanValue> values) {
    String result = message;
    for (PlanValue value : values) {
      if (!(value instanceof PlanValue.Literal) && !value.text().isBlank()) {
        result = result.replace(value.text(), "***");
        result = result.replace(URLEncoder.encode(value.text(), StandardCharsets.UTF_8), "***");
      }
    }
    return result;
  }
}
