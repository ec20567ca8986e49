/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.otlp.wire.WireReader;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a line of JSON for each record of a batch: the span, log record or metric as in OTLP/JSON,
 * with its {@code resource} and {@code scope} as members more. A metric has one data point a line.
 * Resource and scope are rendered once for all records below them. Not thread-safe.
 */
final class JsonLines {
  /** The numbers of the fields, the same for all signals: of an entry, of a scope, of a request. */
  private static final int RESOURCE_OR_SCOPE = 1;

  private static final int CHILDREN = 2;
  private static final int ENTRIES = 1;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().rootValueSeparator((String) null).build();

  private final WireReader reader;
  private final int size;
  private final MessageType request;
  private final boolean metrics;
  private final JsonGenerator json;
  private final ProtobufToJson records;
  private final RenderedMember members;
  private final MetricLines metricLines;

  private JsonLines(OtlpBatch batch, JsonGenerator json) throws IOException {
    ByteBuf payload = batch.payload();
    this.size = payload.readableBytes();
    this.reader = new WireReader(payload);
    this.request = OtlpSchema.request(batch.signal());
    this.metrics = batch.signal() == Signal.METRICS;
    this.json = json;
    this.records = new ProtobufToJson(new WireReader(payload), size, json);
    this.members = new RenderedMember(new WireReader(payload), size, FACTORY);
    this.metricLines = new MetricLines(json, members);
  }

  static void write(OtlpBatch batch, OutputStream out) throws IOException, MalformedOtlpException {
    try (JsonGenerator json =
        FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      new JsonLines(batch, json).request();
    }
  }

  private void request() throws IOException, MalformedOtlpException {
    MessageType entry = child(request, ENTRIES);
    reader.window(0, size);
    while (next(request, ENTRIES)) {
      int outer = reader.enter(reader.length());
      entry(entry, reader.position());
      reader.leave(outer);
    }
  }

  private void entry(MessageType entry, int start) throws IOException, MalformedOtlpException {
    SerializedString resource = members.render(entry, RESOURCE_OR_SCOPE, start, reader.limit());
    MessageType scope = child(entry, CHILDREN);
    while (next(entry, CHILDREN)) {
      int outer = reader.enter(reader.length());
      scope(scope, reader.position(), resource);
      reader.leave(outer);
    }
  }

  private void scope(MessageType type, int start, SerializedString resource)
      throws IOException, MalformedOtlpException {
    SerializedString scope = members.render(type, RESOURCE_OR_SCOPE, start, reader.limit());
    MessageType record = child(type, CHILDREN);
    while (next(type, CHILDREN)) {
      int length = reader.length();
      int at = reader.position();
      if (metrics) {
        metricLines.write(record, at, at + length, resource, scope);
      } else {
        json.writeStartObject();
        records.fields(record, at, at + length);
        end(json, resource, scope);
      }
      reader.skip(length);
    }
  }

  /** Closes a record's object, with where it came from. */
  static void end(JsonGenerator json, SerializedString resource, SerializedString scope)
      throws IOException {
    json.writeFieldName("resource");
    json.writeRawValue(resource);
    json.writeFieldName("scope");
    json.writeRawValue(scope);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Goes to the content of the next field of that number. */
  private boolean next(MessageType type, int number) throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = reader.tag();
      int index = type.indexOf(tag);
      if (index >= 0 && type.field(index).number() == number) {
        return true;
      }
      reader.skipField(tag);
    }
    return false;
  }

  private static MessageType child(MessageType type, int number) {
    for (OtlpField field : type.fields()) {
      if (field.number() == number) {
        return field.message();
      }
    }
    throw new IllegalArgumentException(type.name() + " has no field " + number);
  }
}
