/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.otlp.wire.ProtobufWriter;
import io.caravan.otlp.wire.WireReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * OTLP/JSON and protobuf, each made from the other without an object in between. Source: "JSON
 * Protobuf Encoding" of the OTLP specification 1.11.0, and proto3's JSON mapping where it refers to
 * that. Thread-safe.
 */
public final class OtlpJson {
  /** The longest string in characters that a document may have. */
  static final int MAX_STRING = 16 << 20;

  /** The longest name, in bytes; the message of a refusal may hold one of each level. */
  static final int MAX_NAME = 1000;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Senders choose the names: they are neither to fill the JVM's table of strings, nor to
          // fail a document because their hashes collide.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // A string is held in UTF-16, twice where it is long: one of 16 Mi characters takes 64
          // MiB.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(MAX_NAME)
                  .maxNestingDepth(8 * JsonToProtobuf.MAX_DEPTH)
                  .build())
          .build();

  /** Reads what we wrote ourselves, whose strings may be as long as a request. */
  public static final JsonFactory OWN =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(8 * JsonToProtobuf.MAX_DEPTH)
                  .build())
          .build();

  private static final int FIRST_SCRATCH = 1 << 16;

  private OtlpJson() {}

  /**
   * The protobuf request of a JSON document of any size; otherwise as {@link #toProtobuf(Signal,
   * ByteBuf, ByteBufAllocator, int)}.
   */
  public static ByteBuf toProtobuf(Signal signal, ByteBuf json, ByteBufAllocator allocator)
      throws MalformedOtlpException {
    return toProtobuf(signal, json, allocator, Integer.MAX_VALUE);
  }

  /**
   * The protobuf request of a JSON document, canonical but for the order of fields. The document is
   * borrowed, the result the caller's to release.
   *
   * @param maxSize the most bytes of the result, beyond which no more is read; they may be four
   *     times those of the document
   * @throws MalformedOtlpException with line, column and field, if it is no JSON or no request of
   *     that signal, or is too large
   */
  public static ByteBuf toProtobuf(
      Signal signal, ByteBuf json, ByteBufAllocator allocator, int maxSize)
      throws MalformedOtlpException {
    ProtobufWriter out = new ProtobufWriter(Math.min(json.readableBytes(), FIRST_SCRATCH));
    try (JsonParser parser =
        FACTORY.createParser((InputStream) new ByteBufInputStream(json.duplicate()))) {
      read(parser, new JsonToProtobuf(parser, out, maxSize), OtlpSchema.request(signal));
    } catch (IOException e) {
      throw new MalformedOtlpException("malformed OTLP/JSON: " + e.getMessage());
    }
    return out.toBuffer(allocator);
  }

  private static void read(JsonParser parser, JsonToProtobuf reader, MessageType type)
      throws IOException, MalformedOtlpException {
    try {
      reader.document(type);
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
      throw ProtobufValues.malformed(
          e.getOriginalMessage(), location, parser.getParsingContext().pathAsPointer().toString());
    }
  }

  /**
   * Writes a batch as one JSON document in UTF-8, on one line, without an end of line. Fields that
   * the specification 1.11.0 does not have are not written. The stream stays open.
   *
   * @throws MalformedOtlpException if what is inside a record is not protobuf
   */
  public static void write(OtlpBatch batch, OutputStream out)
      throws IOException, MalformedOtlpException {
    ByteBuf payload = batch.payload();
    int size = payload.readableBytes();
    try (JsonGenerator json =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new ProtobufToJson(new WireReader(payload), size, json)
          .message(OtlpSchema.request(batch.signal()), 0, size);
    }
  }

  /**
   * Writes a line for each record of a batch, in UTF-8, each with its end of line: the record as in
   * OTLP/JSON, with its {@code resource} and {@code scope} as members more. A line of metrics is a
   * metric with one data point. The stream stays open.
   *
   * @throws MalformedOtlpException if what is inside a record is not protobuf
   */
  public static void writeLines(OtlpBatch batch, OutputStream out)
      throws IOException, MalformedOtlpException {
    JsonLines.write(batch, out);
  }

  /** As {@link #write}, as text. */
  public static String toString(OtlpBatch batch) throws MalformedOtlpException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * batch.size());
    try {
      write(batch, out);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
