/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The requests of one exporter: headers built once for each signal, and the message's prefix. */
final class GrpcRequest {
  private final Compression compression;
  private final Map<Signal, Http2Headers> headers = new EnumMap<>(Signal.class);

  GrpcRequest(ExporterSettings settings) {
    this.compression = settings.compression();
    boolean tls = settings.endpoint().transport() == Endpoint.Transport.TLS;
    List<AsciiString> others = new ArrayList<>();
    add(others, "content-type", "application/grpc");
    add(others, "te", "trailers");
    add(others, "user-agent", "caravan");
    if (compression != Compression.NONE) {
      add(others, "grpc-encoding", CompressionNames.GRPC.of(compression));
    }
    for (ExporterSettings.Header header : settings.headers()) {
      add(others, header.name().toLowerCase(Locale.ROOT), header.value());
    }
    for (Signal signal : Signal.values()) {
      headers.put(
          signal,
          ReadOnlyHttp2Headers.clientHeaders(
              true,
              AsciiString.cached("POST"),
              AsciiString.cached(signal.grpcPath()),
              AsciiString.cached(tls ? "https" : "http"),
              AsciiString.cached(settings.endpoint().authority()),
              others.toArray(new AsciiString[0])));
    }
  }

  private static void add(List<AsciiString> headers, String name, String value) {
    headers.add(AsciiString.cached(name));
    headers.add(AsciiString.cached(value));
  }

  Http2Headers headers(Signal signal) {
    Http2Headers prebuilt = headers.get(signal);
    if (prebuilt == null) {
      throw new IllegalStateException("no headers for " + signal);
    }
    return prebuilt;
  }

  /** The message as it is sent; the caller releases it. */
  ByteBuf message(OtlpBatch batch, ByteBufAllocator allocator) {
    return framed(batch.compressed(compression), allocator);
  }

  /** Puts the prefix before what is compressed as the headers say. Takes ownership of it. */
  private ByteBuf framed(ByteBuf body, ByteBufAllocator allocator) {
    ByteBuf prefix =
        allocator
            .directBuffer(5)
            .writeByte(compression == Compression.NONE ? 0 : 1)
            .writeInt(body.readableBytes());
    return allocator.compositeDirectBuffer(2).addComponents(true, prefix, body);
  }
}
