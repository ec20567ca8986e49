/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.wire.WireReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Renders messages to JSON that is kept and written more than once. Not thread-safe. */
final class RenderedMember {
  private static final SerializedString EMPTY = new SerializedString("{}");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator json;
  private final ProtobufToJson writer;

  RenderedMember(WireReader reader, int size, JsonFactory factory) throws IOException {
    json = factory.createGenerator(bytes);
    writer = new ProtobufToJson(reader, size, json);
  }

  /** The message field of that number, in a message from {@code start} to {@code end}. */
  SerializedString render(MessageType type, int number, int start, int end)
      throws IOException, MalformedOtlpException {
    return writer.only(type, number, start, end) ? new SerializedString(rendered()) : EMPTY;
  }

  /** A whole message. */
  String render(MessageType type, int start, int end) throws IOException, MalformedOtlpException {
    writer.message(type, start, end);
    return rendered();
  }

  private String rendered() throws IOException {
    json.flush();
    String rendered = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return rendered;
  }
}
