/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.otlp.net.Gzip;
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
    if (compression == Compression.GZIP) {
      add(others, "grpc-encoding", "gzip");
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
    boolean gzip = compression == Compression.GZIP;
    ByteBuf body =
        gzip ? Gzip.deflate(batch.payload(), allocator) : batch.payload().retainedSlice();
    ByteBuf prefix =
        allocator.directBuffer(5).writeByte(gzip ? 1 : 0).writeInt(body.readableBytes());
    return allocator.compositeDirectBuffer(2).addComponents(true, prefix, body);
  }
}
