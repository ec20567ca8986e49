/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The heads of one exporter's HTTP requests, built once but for the length. */
final class HttpRequestHead {
  private final Map<Signal, byte[]> heads = new EnumMap<>(Signal.class);

  /**
   * Heads for all signals.
   *
   * @param path joined to the endpoint and then used for every signal; where it is empty, each
   *     signal's own path is joined
   */
  HttpRequestHead(ExporterSettings settings, Optional<String> path) {
    for (Signal signal : Signal.values()) {
      StringBuilder head = new StringBuilder(256);
      head.append("POST ")
          .append(settings.endpoint().target(path.orElse(signal.httpPath())))
          .append(" HTTP/1.1\r\n");
      header(head, "host", settings.endpoint().authority());
      header(head, "user-agent", "caravan");
      header(head, "content-type", "application/x-protobuf");
      if (settings.compression() != Compression.NONE) {
        header(head, "content-encoding", CompressionNames.HTTP.of(settings.compression()));
      }
      for (ExporterSettings.Header header : settings.headers()) {
        header(head, header.name(), header.value());
      }
      head.append("content-length: ");
      heads.put(signal, head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** The head of a request with a body of {@code length} bytes; the caller releases it. */
  ByteBuf of(Signal signal, int length, ByteBufAllocator allocator) {
    byte[] head = heads.get(signal);
    if (head == null) {
      throw new IllegalStateException("no head for " + signal);
    }
    ByteBuf out = allocator.directBuffer(head.length + 16).writeBytes(head);
    out.writeCharSequence(Integer.toString(length), StandardCharsets.US_ASCII);
    return out.writeShort('\r' << 8 | '\n').writeShort('\r' << 8 | '\n');
  }
}
