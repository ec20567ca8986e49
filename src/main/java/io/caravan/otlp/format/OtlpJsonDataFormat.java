/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpBody;
import io.caravan.otlp.OtlpComponent;
import io.caravan.otlp.Signal;
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code otlp-json}: the batch as one OTLP/JSON document on one line. Reads one too, of the signal
 * that the header {@value OtlpComponent#SIGNAL_HEADER} names, into a body on the heap that nobody
 * has to release.
 */
public final class OtlpJsonDataFormat extends OtlpDataFormat {

  public OtlpJsonDataFormat() {
    super("otlp-json");
  }

  @Override
  void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException {
    OtlpJson.write(batch, out);
  }

  @Override
  public OtlpBody unmarshal(Exchange exchange, InputStream stream)
      throws IOException, MalformedOtlpException {
    Signal signal =
        signal(exchange.getMessage().getHeader(OtlpComponent.SIGNAL_HEADER, String.class));
    ByteBuf json = Unpooled.wrappedBuffer(stream.readAllBytes());
    ByteBuf protobuf = OtlpJson.toProtobuf(signal, json, UnpooledByteBufAllocator.DEFAULT);
    try {
      return new OtlpBody(OtlpBatch.onHeap(signal, ByteBufUtil.getBytes(protobuf)));
    } finally {
      protobuf.release();
    }
  }

  private static Signal signal(@Nullable String name) {
    return Arrays.stream(Signal.values())
        .filter(signal -> signal.lowerName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "data format otlp-json: expected traces, metrics or logs in the header "
                        + OtlpComponent.SIGNAL_HEADER
                        + ", found "
                        + name));
  }
}
