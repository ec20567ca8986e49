/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Kubernetes' CEL function {@code isURL} takes for a URL: what Go's {@code ParseRequestURI}
 * accepts, an absolute URI or an absolute path.
 */
final class GoUrl {

  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\x00-\\x1f\\x7f]|%(?![0-9a-fA-F]{2})");
  private static final Pattern SCHEME =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*):(.*)", Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "([\\w.~!$&'()*+,;=:%-]*@)?(\\[[0-9a-fA-F:.]+(%25[^\\]]*)?]|[^\\s\\[\\]<>\"@:\\\\^`{|}]*)(:\\d*)?");

  private GoUrl() {}

  static boolean isUrl(String text) {
    if (text.isEmpty() || FORBIDDEN.matcher(text).find()) {
      return false;
    }
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.matches()) {
      return text.startsWith("/");
    }
    String rest = scheme.group(2);
    return !rest.startsWith("//")
        || AUTHORITY.matcher(rest.substring(2).split("[/?]", 2)[0]).matches();
  }
}
