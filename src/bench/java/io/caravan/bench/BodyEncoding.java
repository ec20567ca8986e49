/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** How a request's body is compressed, on both sides of a system alike. */
enum BodyEncoding {
  NONE,
  /** At zlib's default level, as most SDKs do it. */
  GZIP,
  /** At zstd's default level. */
  ZSTD;

  private static final int ZSTD_LEVEL = 3;

  /** Its name in {@code grpc-encoding} and {@code Content-Encoding}. */
  String word() {
    return this == NONE ? "identity" : name().toLowerCase(Locale.ROOT);
  }

  byte[] encode(byte[] content) throws IOException {
    return switch (this) {
      case NONE -> content;
      case GZIP -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
          gzip.write(content);
        }
        yield bytes.toByteArray();
      }
      case ZSTD -> Zstd.compress(content, ZSTD_LEVEL);
    };
  }

  byte[] decode(byte[] body) throws IOException {
    return switch (this) {
      case NONE -> body;
      case GZIP -> all(new GZIPInputStream(new ByteArrayInputStream(body)));
      case ZSTD -> all(new ZstdInputStream(new ByteArrayInputStream(body)));
    };
  }

  private static byte[] all(InputStream stream) throws IOException {
    try (stream) {
      return stream.readAllBytes();
    }
  }
}
