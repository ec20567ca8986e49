/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP/HTTP. */
enum HttpBody {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private final String contentType;

  HttpBody(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** The encoding that a content type names, parameters aside; null for any other type. */
  static @Nullable HttpBody of(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    for (HttpBody body : values()) {
      if (AsciiString.contentEqualsIgnoreCase(body.contentType, type)) {
        return body;
      }
    }
    return null;
  }

  /** A content type for messages: bounded, and without what a log line would stumble over. */
  static String shown(@Nullable String contentType) {
    if (contentType == null) {
      return "none";
    }
    String type = contentType.length() > 100 ? contentType.substring(0, 100) : contentType;
    return type.toLowerCase(Locale.ROOT);
  }
}
