/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CorruptDataException;
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Locale;

/** The steps between the bytes of a request and its batch, the same for gRPC and HTTP. */
final class Requests {
  private Requests() {}

  /**
   * The protobuf request of a JSON one. Takes ownership of {@code json}; the caller releases the
   * result.
   *
   * @param limit the most bytes that the result may have
   * @throws OtlpStatusException INVALID_ARGUMENT
   */
  static ByteBuf transcode(Signal signal, ByteBuf json, int limit, ByteBufAllocator allocator)
      throws OtlpStatusException {
    try {
      return OtlpJson.toProtobuf(signal, json, allocator, limit);
    } catch (MalformedOtlpException e) {
      throw notAnExportRequest(signal, e);
    } finally {
      json.release();
    }
  }

  /** Indexes a request; takes ownership of {@code protobuf}, and of the lease unless it throws. */
  static OtlpBatch index(Signal signal, ByteBuf protobuf, Lease lease) throws OtlpStatusException {
    try {
      return OtlpBatch.of(signal, protobuf, lease);
    } catch (MalformedOtlpException e) {
      throw notAnExportRequest(signal, e);
    }
  }

  private static OtlpStatusException notAnExportRequest(Signal signal, MalformedOtlpException why) {
    return invalid("Not an export request for " + signal.lowerName() + ": " + why.getMessage());
  }

  static OtlpStatusException corrupt(Compression compression, CorruptDataException why) {
    return invalid(
        "The request says "
            + compression.name().toLowerCase(Locale.ROOT)
            + " and is not: "
            + why.getMessage());
  }

  static OtlpStatusException invalid(String message) {
    return new OtlpStatusException(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, message));
  }

  /** Of a request that does not become whole. */
  static OtlpStatus tooSlow(Duration bound) {
    return OtlpStatus.of(
        GrpcCode.DEADLINE_EXCEEDED,
        "The request did not arrive within " + bound.toSeconds() + " s.");
  }

  /** Without a delay: the specification has this one not retried. */
  static OtlpStatus tooLarge(int limit) {
    return OtlpStatus.of(
        GrpcCode.RESOURCE_EXHAUSTED,
        "The request is larger than the limit of "
            + limit
            + " bytes after decompression. Send smaller batches.");
  }
}
