/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a log event as one line of JSON: {@code time} (RFC 3339, UTC), {@code level}, {@code
 * logger}, {@code message}, the event's key-values under their own names in {@code attributes}, of
 * two with one name the later, and {@code exception} with the stack trace.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NONE = {};
  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] encode(ILoggingEvent event) {
    // Through characters: a generator of bytes fails at half a surrogate pair, and the event were
    // lost.
    StringWriter line = new StringWriter(256);
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", event.getInstant().toString());
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("logger", event.getLoggerName());
      out.writeStringField("message", event.getFormattedMessage());
      writeAttributes(out, event.getKeyValuePairs());
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        out.writeStringField("exception", ThrowableProxyUtil.asString(thrown));
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory does not fail
    }
    return line.append('\n').toString().getBytes(UTF_8);
  }

  private static void writeAttributes(JsonGenerator out, List<KeyValuePair> pairs)
      throws IOException {
    if (pairs == null || pairs.isEmpty()) {
      return;
    }
    out.writeObjectFieldStart("attributes");
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    pairs.forEach(pair -> attributes.put(String.valueOf(pair.key), pair.value));
    for (Map.Entry<String, @Nullable Object> attribute : attributes.entrySet()) {
      out.writeFieldName(attribute.getKey());
      switch (attribute.getValue()) {
        case null -> out.writeNull();
        case Integer number -> out.writeNumber(number);
        case Long number -> out.writeNumber(number);
        case Double number when Double.isFinite(number) -> out.writeNumber(number);
        case Boolean flag -> out.writeBoolean(flag);
        case Object other -> out.writeString(other.toString());
      }
    }
    out.writeEndObject();
  }

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }
}
